// How planes, patches and matches lie in the kernel's memory; `../kernel.ts` lays them out.
//
// Plane: i32 width, i32 height, then from PLANE_DATA on f32 samples, row-major.
// Patch: i32 radius, i32 side, i32 pitch (samples from row to row, even); f64 sums from HXX on; then f64
//   arrays of side × pitch samples, whose columns past `side` weigh nothing. All of them are rounded to 32 bits.
// Match: f64 x, y, rms, correlation.

export const PLANE_DATA: usize = 16;

/** Σ w g gᵀ of the gradients g. */
export const HXX: usize = 24;
export const HXY: usize = 32;
export const HYY: usize = 40;
export const ARRAYS: usize = 48;

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

/** Bytes of one array of the patch: window, weight, value, gx, gy in this order, then the rim. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function arrayBytes(patch: usize): usize {
  return <usize>(side(patch) * pitch(patch) * 8);
}

/** Two neighbouring samples of a plane. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function pairAt(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load_zero<u64>(at));
}

/** As 32-bit samples would keep it. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function rounded(pair: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(pair));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
export function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** a + share · (b − a) */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function between(a: v128, b: v128, share: v128): v128 {
  return f64x2.add(a, f64x2.mul(share, f64x2.sub(b, a)));
}

/** Where the host may begin to lay things out. */
export const FREE: usize = __heap_base;
