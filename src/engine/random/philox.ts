/**
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", 2011). Value i of a stream depends on (seed, stream, i) alone, so what one future draws
 * does not depend on what else is sampled, or in which order.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

export type Words4 = readonly [number, number, number, number];

/** Four 32-bit words (as unsigned numbers) of the counter under the key. */
export function philox4x32(counter: Words4, key: readonly [number, number]): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** Upper 32 bits of the product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  // 2^32 does not fit the bitwise operators: carry by division.
  const carry = (middle % 0x10000) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0;
}

/** Independent streams of one seed. */
export const STREAM = {
  scenario: 1,
  noise: 2,
  latent: 3,
  hand: 4,
  texture: 5,
  wish: 6,
  letGo: 7,
} as const;

export interface RandomStream {
  /** Uniform in (0,1), 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, count). */
  below(count: number): number;
  /** Fills with independent N(0,1) values (Box and Muller, 1958). */
  fillNormal(out: Float32Array): void;
}

/** `seed`: any safe integer. The same seed and stream give the same values everywhere. */
export function randomStream(seed: number, stream: number): RandomStream {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is a whole number, not ${seed}`);
  const key = [seed | 0, Math.floor(seed / 0x1_0000_0000) | 0] as const;
  let block = 0;
  let words: Words4 = [0, 0, 0, 0];
  let used = 4;
  const uniform = () => {
    if (used === 4) {
      words = philox4x32([block | 0, Math.floor(block / 0x1_0000_0000) | 0, stream, 0], key);
      block++;
      used = 0;
    }
    return (words[used++] + 0.5) / 0x1_0000_0000;
  };
  return {
    uniform,
    below: (count) => Math.floor(uniform() * count),
    fillNormal(out) {
      for (let i = 0; i < out.length; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(uniform()));
        const angle = 2 * Math.PI * uniform();
        out[i] = radius * Math.cos(angle);
        if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
      }
    },
  };
}
