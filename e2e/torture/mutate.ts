import { type RandomStream, randomStream } from "../../src/engine/random/philox.ts";

/** One way to damage a file; gives new bytes and leaves the old ones alone. */
type Damage = (bytes: Uint8Array, random: RandomStream) => Uint8Array;

/** Where containers keep what the rest is read by. */
const HEADER_BYTES = 1024;
const BOX = /^(?:moov|trak|mdia|stbl|stsd|stts|ctts|stsc|stsz|stco|elst|mvhd|tkhd|mdhd|moof|trun)$/;
/** Sizes at which counters wrap, buffers overflow or loops never end. */
const BAD_SIZES = [0, 1, 7, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const STREAM = 7;

const DAMAGES: Readonly<Record<string, Damage>> = {
  "one bit": (bytes, random) => flip(bytes, random, 1, bytes.length),
  "64 bits": (bytes, random) => flip(bytes, random, 64, bytes.length),
  "a bit in 200 bytes": (bytes, random) =>
    flip(bytes, random, Math.ceil(bytes.length / 200), bytes.length),
  "header bits": (bytes, random) => flip(bytes, random, 8, Math.min(HEADER_BYTES, bytes.length)),
  "end bits": (bytes, random) => {
    const tail = Math.min(4 * HEADER_BYTES, bytes.length);
    const out = bytes.slice();
    out.set(flip(bytes.subarray(bytes.length - tail), random, 16, tail), bytes.length - tail);
    return out;
  },
  "random block": (bytes, random) => {
    const length = Math.min(bytes.length, 16 << random.below(9));
    const out = bytes.slice();
    out.set(noise(length, random), random.below(bytes.length - length + 1));
    return out;
  },
  "zeroed block": (bytes, random) => {
    const length = Math.min(bytes.length, 64 << random.below(8));
    return bytes.slice().fill(0, ...range(bytes.length, length, random));
  },
  "cut off": (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  "start missing": (bytes, random) => bytes.slice(1 + random.below(bytes.length - 1)),
  hole: (bytes, random) => {
    const [from, end] = range(bytes.length, 1 + random.below(bytes.length >> 2), random);
    return joined(bytes.subarray(0, from), bytes.subarray(end));
  },
  "doubled part": (bytes, random) => {
    const [from, end] = range(bytes.length, 1 + random.below(bytes.length >> 2), random);
    return joined(bytes.subarray(0, end), bytes.subarray(from));
  },
  "random after the magic": (bytes, random) =>
    joined(bytes.subarray(0, 16), noise(Math.min(bytes.length, 20_000), random)),
  "wrong box size": (bytes, random) => withBadBox(bytes, random),
};

export const DAMAGE_NAMES = Object.keys(DAMAGES);

/** The same name, seed and bytes give the same damaged bytes everywhere. */
export function damage(name: string, bytes: Uint8Array, seed: number): Uint8Array {
  return DAMAGES[name](bytes, randomStream(seed, STREAM));
}

function flip(bytes: Uint8Array, random: RandomStream, bits: number, within: number): Uint8Array {
  const out = bytes.slice();
  for (let i = 0; i < bits; i++) out[random.below(within)] ^= 1 << random.below(8);
  return out;
}

function range(size: number, length: number, random: RandomStream): [number, number] {
  const from = random.below(size - length + 1);
  return [from, from + length];
}

function noise(length: number, random: RandomStream): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** A box of an MP4 lies about its size, or one of its first counters does; elsewhere any word. */
function withBadBox(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  const boxes: number[] = [];
  for (let at = 4; at + 16 < bytes.length; at++) {
    if (BOX.test(String.fromCharCode(...bytes.subarray(at, at + 4)))) boxes.push(at - 4);
  }
  const box =
    boxes.length > 0 ? boxes[random.below(boxes.length)] : random.below(bytes.length - 20);
  const at = box + [0, 8, 12, 16][random.below(4)];
  view.setUint32(Math.min(at, bytes.length - 4), BAD_SIZES[random.below(BAD_SIZES.length)]);
  return out;
}
