import { height, PLANE_DATA, width } from "./layout";

/**
 * Halves a plane with the kernel (1 3 3 1)/8 in each direction. Its even length keeps centres fixed:
 * halved position = (position + 0.5) / 2 − 0.5. Borders repeat. `rows`: room for half the plane.
 */
export function halve(from: usize, to: usize, rows: usize): void {
  const w = width(from);
  const h = height(from);
  const half = w >> 1;
  for (let y = 0; y < h; y++) {
    const row = from + PLANE_DATA + (<usize>(y * w) << 2);
    for (let x = 0; x < half; x++) {
      const i = row + (<usize>x << 3);
      const left = x == 0 ? i : i - 4;
      const right = 2 * x + 2 < w ? i + 8 : i + 4;
      const middle = <f64>load<f32>(i) + <f64>load<f32>(i, 4);
      const sum = <f64>load<f32>(left) + 3 * middle + <f64>load<f32>(right);
      store<f32>(rows + (<usize>(y * half + x) << 2), <f32>sum);
    }
  }
  const pitch = <usize>half << 2;
  for (let y = 0; y < h >> 1; y++) {
    const b = rows + <usize>(2 * y) * pitch;
    const a = y == 0 ? b : b - pitch;
    const c = b + pitch;
    const d = 2 * y + 2 < h ? c + pitch : c;
    const out = to + PLANE_DATA + <usize>y * pitch;
    for (let at: usize = 0; at < pitch; at += 4) {
      const middle = <f64>load<f32>(b + at) + <f64>load<f32>(c + at);
      const sum = <f64>load<f32>(a + at) + 3 * middle + <f64>load<f32>(d + at);
      store<f32>(out + at, <f32>(sum * (1.0 / 64)));
    }
  }
}

/** The same of `w` × `h` samples of 8 bits, in integers. `rows`: two bytes a sample of half a picture. */
export function halveBytes(from: usize, w: i32, h: i32, to: usize, rows: usize): void {
  const half = w >> 1;
  const low = i16x8.splat(0xff);
  for (let y = 0; y < h; y++) {
    const row = from + <usize>(y * w);
    const out = rows + (<usize>(y * half) << 1);
    let x = 0;
    for (; x < half; x++) {
      // Eight results read the bytes 2x − 2 to 2x + 17.
      if (x > 0 && 2 * x + 18 <= w) {
        const i = row + <usize>(2 * x);
        const pairs = v128.load(i);
        const middle = i16x8.add(v128.and(pairs, low), i16x8.shr_u(pairs, 8));
        const left = i16x8.shr_u(v128.load(i - 2), 8);
        const right = v128.and(v128.load(i, 2), low);
        const sum = i16x8.add(i16x8.add(left, right), i16x8.mul(middle, i16x8.splat(3)));
        v128.store(out + (<usize>x << 1), sum);
        x += 7;
        continue;
      }
      const i = row + <usize>(2 * x);
      const left = x == 0 ? i : i - 1;
      const right = 2 * x + 2 < w ? i + 2 : i + 1;
      const middle = <i32>load<u8>(i) + <i32>load<u8>(i, 1);
      store<u16>(out + (<usize>x << 1), <u16>(<i32>load<u8>(left) + 3 * middle + <i32>load<u8>(right)));
    }
  }
  const pitch = <usize>half << 1;
  const scale = f32x4.splat(1.0 / 64);
  for (let y = 0; y < h >> 1; y++) {
    const b = rows + <usize>(2 * y) * pitch;
    const a = y == 0 ? b : b - pitch;
    const c = b + pitch;
    const d = 2 * y + 2 < h ? c + pitch : c;
    const out = to + PLANE_DATA + <usize>y * (pitch << 1);
    let at: usize = 0;
    for (; at + 16 <= pitch; at += 16) {
      const middle = i16x8.add(v128.load(b + at), v128.load(c + at));
      const outer = i16x8.add(v128.load(a + at), v128.load(d + at));
      const sum = i16x8.add(outer, i16x8.mul(middle, i16x8.splat(3)));
      const first = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(sum));
      const second = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(sum));
      v128.store(out + (at << 1), f32x4.mul(first, scale));
      v128.store(out + (at << 1), f32x4.mul(second, scale), 16);
    }
    for (; at < pitch; at += 2) {
      const middle = <i32>load<u16>(b + at) + <i32>load<u16>(c + at);
      const sum = <i32>load<u16>(a + at) + 3 * middle + <i32>load<u16>(d + at);
      store<f32>(out + (at << 1), <f32>sum * (1.0 / 64));
    }
  }
}

/** Samples of 8 bits as a plane, for matching at full size. */
export function widen(from: usize, to: usize): void {
  const count = width(to) * height(to);
  for (let i = 0; i < count; i++) {
    store<f32>(to + PLANE_DATA + (<usize>i << 2), <f32>load<u8>(from + <usize>i));
  }
}
