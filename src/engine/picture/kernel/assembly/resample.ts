// As `../../resample.ts` does it, to the bit, several samples at a time. Weights are of 14 bits and
// taken in pairs of taps; where their count is odd the last one is 0.

/**
 * Scales `rowCount` rows of bytes across, `stride` apart, to 16-bit rows of `blockCount` · 4 samples, all
 * shifted right by `shift`. A block tells of four samples: i32 byte where their first tap lies in the row;
 * from 16 on a vector that picks of the 16 bytes there both taps of a pair for each; from 32 on the weights
 * of `pairs` pairs, a vector each. The next pair lies `pairBytes` further on.
 */
export function resampleRows(
  from: usize,
  stride: i32,
  rowCount: i32,
  blocks: usize,
  blockCount: i32,
  pairs: i32,
  pairBytes: i32,
  to: usize,
  shift: i32,
): void {
  const half = i32x4.splat(1 << (shift - 1));
  const size: usize = 32 + 16 * <usize>pairs;
  let out = to;
  for (let r = 0; r < rowCount; r++) {
    const row = from + <usize>(r * stride);
    let block = blocks;
    for (let i = 0; i < blockCount; i++) {
      const picks = v128.load(block, 16);
      let at = row + <usize>load<i32>(block);
      let sum = half;
      for (let j: usize = 32; j < size; j += 16) {
        const taps = i8x16.swizzle(v128.load(at), picks);
        sum = i32x4.add(sum, i32x4.dot_i16x8_s(taps, v128.load(block + j)));
        at += <usize>pairBytes;
      }
      sum = i32x4.shr_u(sum, shift);
      v128.store64_lane(out, i16x8.narrow_i32x4_u(sum, sum), 0);
      out += 8;
      block += size;
    }
  }
}

/**
 * Scales 16-bit rows of `width` samples, a multiple of 8, down to `height` rows of bytes. A row of `taps`:
 * i32 first of its source rows, then its weights, i32 a pair, so `pairs` of them.
 */
export function resampleColumns(
  rows: usize,
  width: i32,
  taps: usize,
  pairs: i32,
  height: i32,
  to: usize,
  shift: i32,
): void {
  const half = i32x4.splat(1 << (shift - 1));
  const pitch = <usize>width << 1;
  const size: usize = 4 + (<usize>pairs << 2);
  let out = to;
  for (let y = 0; y < height; y++) {
    const first = rows + <usize>load<i32>(taps) * pitch;
    for (let x: usize = 0; x < pitch; x += 16) {
      let low = half;
      let high = half;
      let at = first + x;
      for (let j: usize = 4; j < size; j += 4) {
        const weights = v128.load32_splat(taps + j);
        const a = v128.load(at);
        const b = v128.load(at + pitch);
        low = i32x4.add(low, i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11), weights));
        high = i32x4.add(high, i32x4.dot_i16x8_s(v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15), weights));
        at += 2 * pitch;
      }
      const words = i16x8.narrow_i32x4_s(i32x4.shr_u(low, shift), i32x4.shr_u(high, shift));
      v128.store64_lane(out, i8x16.narrow_i16x8_u(words, words), 0);
      out += 8;
    }
    taps += size;
  }
}
