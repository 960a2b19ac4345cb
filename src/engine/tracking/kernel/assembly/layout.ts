// How planes, patches and matches lie in the kernel's memory; `../kernel.ts` lays them out.
//
// Plane: i32 width, i32 height, then from PLANE_DATA on f32 samples, row-major.
// Patch: i32 radius, i32 side, i32 pitch (samples from row to row, a multiple of four), i32 where its weights lie;
//   f64 sums from HXX on; then f32 arrays of side × pitch samples, whose columns past `side` weigh nothing.
// Match: f64 x, y, rms, correlation.

export const PLANE_DATA: usize = 16;

/** Σ w g gᵀ of the gradients g. */
export const HXX: usize = 24;
export const HXY: usize = 32;
export const HYY: usize = 40;
/** About the mean of the samples, Σ w, and Σ w d and Σ w d² of their differences d from it. */
export const CENTRE: usize = 48;
export const SUM_W: usize = 56;
export const SUM_D: usize = 64;
export const SUM_DD: usize = 72;
/** Σ weighted gradient · sample, x and y. */
export const SUM_GT: usize = 80;
export const ARRAYS: usize = 96;

// @ts-ignore: a decorator of AssemblyScript
@inline
export function width(plane: usize): i32 {
  return load<i32>(plane);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function height(plane: usize): i32 {
  return load<i32>(plane, 4);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function radius(patch: usize): i32 {
  return load<i32>(patch);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function side(patch: usize): i32 {
  return load<i32>(patch, 4);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function pitch(patch: usize): i32 {
  return load<i32>(patch, 8);
}

/** Bytes of one array of the patch: window, cut window, value, gx, gy in this order, then the rim. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function arrayBytes(patch: usize): usize {
  return <usize>(side(patch) * pitch(patch)) << 2;
}

/** Where the patch's weights lie: its window, or what of it lies in the picture that it was cut from. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function weights(patch: usize): usize {
  return <usize>load<i32>(patch, 12);
}

/** Each sum of four 32-bit ones. */
export function sumOf(quad: v128): f64 {
  const high = v128.shuffle<f32>(quad, quad, 2, 3, 2, 3);
  const pair = f64x2.add(f64x2.promote_low_f32x4(quad), f64x2.promote_low_f32x4(high));
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** [sum of a, sum of b] */
export function lanes(a: v128, b: v128): v128 {
  return f64x2.replace_lane(f64x2.splat(sumOf(a)), 1, sumOf(b));
}

/** a + share · (b − a) */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function between(a: v128, b: v128, share: v128): v128 {
  return f32x4.add(a, f32x4.mul(share, f32x4.sub(b, a)));
}

/** Where the host may begin to lay things out. */
export const FREE: usize = __heap_base;
