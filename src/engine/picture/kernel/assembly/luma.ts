/**
 * BT.601 luma of what `count` YUV samples show as RGB of 8 bits, a multiple of 4. Gains are 16-bit fixed
 * point, as in `../../render.ts`; luma is rounded as in `../../../tracking/luma.ts`.
 */
export function luma(
  y: usize,
  u: usize,
  v: usize,
  count: i32,
  to: usize,
  black: i32,
  gain: i32,
  redV: i32,
  greenU: i32,
  greenV: i32,
  blueU: i32,
): void {
  const middle = i32x4.splat(128);
  for (let i: usize = 0; i < <usize>count; i += 4) {
    const bright = i32x4.add(
      i32x4.mul(i32x4.sub(four(y + i), i32x4.splat(black)), i32x4.splat(gain)),
      i32x4.splat(32768),
    );
    const cb = i32x4.sub(four(u + i), middle);
    const cr = i32x4.sub(four(v + i), middle);
    const red = level(i32x4.add(bright, i32x4.mul(cr, i32x4.splat(redV))));
    const green = level(
      i32x4.sub(i32x4.sub(bright, i32x4.mul(cb, i32x4.splat(greenU))), i32x4.mul(cr, i32x4.splat(greenV))),
    );
    const blue = level(i32x4.add(bright, i32x4.mul(cb, i32x4.splat(blueU))));
    let sum = i32x4.mul(red, i32x4.splat(19595));
    sum = i32x4.add(sum, i32x4.mul(green, i32x4.splat(38470)));
    sum = i32x4.add(sum, i32x4.mul(blue, i32x4.splat(7471)));
    sum = i32x4.shr_u(i32x4.add(sum, i32x4.splat(32768)), 16);
    const words = i16x8.narrow_i32x4_s(sum, sum);
    v128.store32_lane(to + i, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** Four bytes as 32-bit numbers. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function four(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** A level of 8 bits of a fixed-point one. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function level(fixed: v128): v128 {
  return i32x4.max_s(i32x4.min_s(i32x4.shr_s(fixed, 16), i32x4.splat(255)), i32x4.splat(0));
}
