/** How a picture's samples stand for light, where it is not BT.709 or sRGB. */
export interface Light {
  /** "sdr": the curve of BT.709 (BT.2020 has the same); "pq", "hlg": ITU-R BT.2100; "linear": none. */
  readonly transfer: "sdr" | "linear" | "pq" | "hlg";
  readonly primaries: "bt709" | "bt2020" | "p3";
}

const TRANSFERS: Readonly<Record<string, Light["transfer"]>> = {
  smpte2084: "pq",
  pq: "pq",
  "arib-std-b67": "hlg",
  hlg: "hlg",
  linear: "linear",
};
const PRIMARIES: Readonly<Record<string, Light["primaries"]>> = {
  bt2020: "bt2020",
  smpte432: "p3",
};

/**
 * By the names of ffprobe and of WebCodecs. Undefined where nothing has to be converted; unknown
 * names count as BT.709, as in browsers.
 */
export function lightOf(transfer: string, primaries: string): Light | undefined {
  const found: Light = {
    transfer: TRANSFERS[transfer] ?? "sdr",
    primaries: PRIMARIES[primaries] ?? "bt709",
  };
  const isBt709 = found.transfer === "sdr" && found.primaries === "bt709";
  return isBt709 ? undefined : found;
}

/** Linear RGB to linear RGB of BT.709, row-major; both have the white D65. */
const TO_BT709: Readonly<Record<Light["primaries"], readonly number[]>> = {
  bt709: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  bt2020: [1.6605, -0.5876, -0.0728, -0.1246, 1.1329, -0.0083, -0.0182, -0.1006, 1.1187],
  p3: [1.2249, -0.2247, 0, -0.0421, 1.0419, 0, -0.0196, -0.0786, 1.0979],
};

/** White of a paper or a caption, by ITU-R BT.2408; light is counted in it. */
const REFERENCE_WHITE_NITS = 203;
/** Brightest light that still gets a level of its own, and what HLG is graded for. */
const PEAK_NITS = 1000;

/** ITU-R BT.2100 table 4: nits of a PQ sample. */
function pqNits(sample: number): number {
  const power = sample ** (1 / 78.84375);
  const over = Math.max(0, power - 0.8359375);
  return 10_000 * (over / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125);
}

/**
 * ITU-R BT.2100 table 5: nits of an HLG sample at a peak of 1000. The system gamma 1.2 works on
 * each channel, as in zimg (and so ffmpeg): what those tools made HLG comes back as it was.
 */
function hlgNits(sample: number): number {
  const [a, b, c] = [0.17883277, 0.28466892, 0.55991073];
  const scene = sample <= 0.5 ? sample ** 2 / 3 : (Math.exp((sample - c) / a) + b) / 12;
  return PEAK_NITS * scene ** 1.2;
}

const bt709Light = (sample: number) =>
  sample < 0.081 ? sample / 4.5 : ((sample + 0.099) / 1.099) ** (1 / 0.45);
const bt709Sample = (light: number) =>
  light < 0.018 ? 4.5 * light : 1.099 * light ** 0.45 - 0.099;

const LINEAR: Readonly<Record<Light["transfer"], (sample: number) => number>> = {
  sdr: bt709Light,
  linear: (sample) => sample,
  pq: (sample) => pqNits(sample) / REFERENCE_WHITE_NITS,
  hlg: (sample) => hlgNits(sample) / REFERENCE_WHITE_NITS,
};

/** Light up to here stays as it is; from here to the peak it is bent into what is left below 1. */
const KNEE = 0.8;
/** How far the peak lies above the knee, in units of what is left. */
const PEAK = (PEAK_NITS / REFERENCE_WHITE_NITS - KNEE) / (1 - KNEE);

/** Reinhard's extended curve above the knee: its slope begins with 1, the peak becomes 1. */
function shoulder(light: number): number {
  if (light <= KNEE) return light;
  const over = Math.min(PEAK, (light - KNEE) / (1 - KNEE));
  return KNEE + ((1 - KNEE) * over * (1 + over / (PEAK * PEAK))) / (1 + over);
}

/**
 * Saturated colours of HDR are dimmed by (luminance / largest channel) to this power; greys stay. 0.2 is
 * what BT.2100's system gamma on luminance asks for where ours works on channels. The rest is chosen, not
 * taken from a standard: it keeps pure colours from glowing beside a white that the curve above has bent.
 */
const SATURATION_POWER = 0.4;

const LEVELS = 4096;
const SAMPLES = Uint8Array.from({ length: LEVELS + 1 }, (_, i) =>
  Math.round(255 * Math.min(1, Math.max(0, bt709Sample(i / LEVELS)))),
);
const DIMMED = Float32Array.from({ length: 1025 }, (_, i) => (i / 1024) ** SATURATION_POWER);

/** Turns samples of `light` into BT.709 samples; tone-mapped where it is HDR. */
export class LightConverter {
  private readonly linear: Float32Array;
  private readonly matrix: readonly number[];
  private readonly isHdr: boolean;

  constructor({ transfer, primaries }: Light) {
    this.linear = Float32Array.from({ length: 1024 }, (_, i) => LINEAR[transfer](i / 1023));
    this.matrix = TO_BT709[primaries];
    this.isHdr = transfer === "pq" || transfer === "hlg";
  }

  /** `r`, `g`, `b` of 0 to 1023; writes three bytes at `to`. */
  write(out: Uint8ClampedArray, to: number, r: number, g: number, b: number): void {
    const { linear, matrix: m } = this;
    const [x, y, z] = [linear[r], linear[g], linear[b]];
    const red = Math.max(0, m[0] * x + m[1] * y + m[2] * z);
    const green = Math.max(0, m[3] * x + m[4] * y + m[5] * z);
    const blue = Math.max(0, m[6] * x + m[7] * y + m[8] * z);
    const gain = this.isHdr ? hdrGain(red, green, blue) : 1;
    out[to] = bt709Level(red * gain);
    out[to + 1] = bt709Level(green * gain);
    out[to + 2] = bt709Level(blue * gain);
  }
}

function hdrGain(red: number, green: number, blue: number): number {
  const largest = Math.max(red, green, blue);
  if (largest === 0) return 0;
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (shoulder(largest) / largest) * DIMMED[Math.round((1024 * luminance) / largest)];
}

function bt709Level(light: number): number {
  return SAMPLES[Math.min(LEVELS, Math.round(light * LEVELS))];
}
