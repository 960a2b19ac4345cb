/** All 65,536 numbers of IEEE 754 half precision, by their bits. */
export const HALF_NUMBERS: Float32Array = Float32Array.from({ length: 65_536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});

/** IEEE 754 half precision bits to a number. */
export function halfToNumber(bits: number): number {
  return HALF_NUMBERS[bits];
}
