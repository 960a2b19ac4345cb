/** What the first sequence parameter set of an H.264 stream tells (ITU-T H.264 7.3.2.1). */
export interface H264Facts {
  /** `frame_mbs_only_flag` is 0. */
  readonly mayBeInterlaced: boolean;
  /** `matrix_coefficients`, a number of ITU-T H.273; 2 where nothing is said. */
  readonly matrix: number;
}

const UNSPECIFIED = 2;

/** `config` is the content of an avcC box. */
export function h264Facts(config: Uint8Array): H264Facts {
  // version, profile, compatibility, level, length size, count of parameter sets; then length, NAL.
  if (config.length < 9 || (config[5] & 31) === 0) {
    return { mayBeInterlaced: false, matrix: UNSPECIFIED };
  }
  const length = (config[6] << 8) | config[7];
  const bits = new Bits(withoutEmulation(config.subarray(9, 8 + length)));
  const isProgressive = frameMbsOnly(bits);
  if (!isProgressive) bits.read(1);
  return { mayBeInterlaced: !isProgressive, matrix: matrixOf(bits) };
}

/** From after the picture's size on: cropping, then what is told for display. */
function matrixOf(bits: Bits): number {
  bits.read(1);
  if (bits.read(1) === 1) for (let side = 0; side < 4; side++) bits.golomb();
  if (bits.read(1) === 0) return UNSPECIFIED;
  if (bits.read(1) === 1 && bits.read(8) === 255) bits.read(32);
  if (bits.read(1) === 1) bits.read(1);
  if (bits.read(1) === 0) return UNSPECIFIED;
  bits.read(4);
  if (bits.read(1) === 0) return UNSPECIFIED;
  bits.read(16);
  return bits.read(8);
}

/** Profiles with chroma formats and scaling lists in front of the rest. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

function frameMbsOnly(bits: Bits): boolean {
  const profile = bits.read(8);
  bits.read(16);
  bits.golomb();
  if (HIGH_PROFILES.has(profile)) skipHighProfile(bits);
  bits.golomb();
  const orderType = bits.golomb();
  if (orderType === 0) bits.golomb();
  else if (orderType === 1) {
    bits.read(1);
    bits.golomb();
    bits.golomb();
    for (let left = bits.golomb(); left > 0; left--) bits.golomb();
  }
  bits.golomb();
  bits.read(1);
  bits.golomb();
  bits.golomb();
  return bits.read(1) === 1;
}

function skipHighProfile(bits: Bits): void {
  const chroma = bits.golomb();
  if (chroma === 3) bits.read(1);
  bits.golomb();
  bits.golomb();
  bits.read(1);
  if (bits.read(1) === 0) return;
  for (let list = 0; list < (chroma === 3 ? 12 : 8); list++) {
    if (bits.read(1) === 1) skipScalingList(bits, list < 6 ? 16 : 64);
  }
}

function skipScalingList(bits: Bits, size: number): void {
  let last = 8;
  for (let i = 0; i < size; i++) {
    const delta = bits.signedGolomb();
    const next = (last + delta + 256) & 255;
    if (next === 0) return;
    last = next;
  }
}

/** Drops the 3 of every 0 0 3. */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => !(byte === 3 && i > 1 && bytes[i - 1] + bytes[i - 2] === 0));
}

class Bits {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Beyond the end come ones, so that a damaged set ends every count. */
  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.at++) {
      const byte = this.bytes[this.at >> 3] ?? 255;
      value = value * 2 + ((byte >> (7 - (this.at & 7))) & 1);
    }
    return value;
  }

  golomb(): number {
    let zeros = 0;
    while (this.read(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.read(zeros);
  }

  signedGolomb(): number {
    const code = this.golomb();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
