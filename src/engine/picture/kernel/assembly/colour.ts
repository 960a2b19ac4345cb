// What YUV samples show as RGB of 8 bits. Gains are 16-bit fixed point, as in `../../render.ts`; `count`
// is a multiple of 4.

/** BT.601 luma of the RGB, rounded as in `../../../tracking/luma.ts`. */
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
  for (let i: usize = 0; i < <usize>count; i += 4) {
    const bright = brightness(y + i, black, gain);
    const cb = chroma(u + i);
    const cr = chroma(v + i);
    let sum = i32x4.mul(channel(bright, cr, redV), i32x4.splat(19595));
    sum = i32x4.add(sum, i32x4.mul(green(bright, cb, cr, greenU, greenV), i32x4.splat(38470)));
    sum = i32x4.add(sum, i32x4.mul(channel(bright, cb, blueU), i32x4.splat(7471)));
    sum = i32x4.shr_u(i32x4.add(sum, i32x4.splat(32768)), 16);
    const words = i16x8.narrow_i32x4_s(sum, sum);
    v128.store32_lane(to + i, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** The RGB itself, opaque RGBA. */
export function rgba(
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
  for (let i: usize = 0; i < <usize>count; i += 4) {
    const bright = brightness(y + i, black, gain);
    const cb = chroma(u + i);
    const cr = chroma(v + i);
    let pixels = v128.or(channel(bright, cr, redV), i32x4.splat(0xff000000));
    pixels = v128.or(pixels, i32x4.shl(green(bright, cb, cr, greenU, greenV), 8));
    pixels = v128.or(pixels, i32x4.shl(channel(bright, cb, blueU), 16));
    v128.store(to + 4 * i, pixels);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function brightness(y: usize, black: i32, gain: i32): v128 {
  const above = i32x4.sub(four(y), i32x4.splat(black));
  return i32x4.add(i32x4.mul(above, i32x4.splat(gain)), i32x4.splat(32768));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function chroma(at: usize): v128 {
  return i32x4.sub(four(at), i32x4.splat(128));
}

/** Red or blue. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function channel(bright: v128, chroma: v128, gain: i32): v128 {
  return level(i32x4.add(bright, i32x4.mul(chroma, i32x4.splat(gain))));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function green(bright: v128, cb: v128, cr: v128, greenU: i32, greenV: i32): v128 {
  const withoutU = i32x4.sub(bright, i32x4.mul(cb, i32x4.splat(greenU)));
  return level(i32x4.sub(withoutU, i32x4.mul(cr, i32x4.splat(greenV))));
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
