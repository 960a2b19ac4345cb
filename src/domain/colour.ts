/**
 * Colours of data. Channels of `Rgb` are gamma-encoded sRGB, 0 to 1. OKLab after B. Ottosson,
 * "A perceptual color space for image processing" (2020): equal distances look equally different.
 */
export type Rgb = readonly [red: number, green: number, blue: number];

export interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  readonly hueDegrees: number;
}

function encode(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** Linear light of one gamma-encoded channel of sRGB, both 0 to 1 (IEC 61966-2-1). */
export function linearOf(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

/** Channels leave 0 to 1 where the colour lies outside sRGB. */
export function rgbFromOklch({ lightness, chroma, hueDegrees }: Oklch): Rgb {
  const hue = (hueDegrees * Math.PI) / 180;
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** OKLab (lightness, a, b): Euclidean distance is perceived difference. */
export function oklabFromRgb(rgb: Rgb): readonly [number, number, number] {
  const [r, g, b] = rgb.map(linearOf) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export function colourDistance(a: Rgb, b: Rgb): number {
  const p = oklabFromRgb(a);
  const q = oklabFromRgb(b);
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

export function inGamut(rgb: Rgb): boolean {
  return rgb.every((channel) => channel >= -1e-4 && channel <= 1 + 1e-4);
}

/** The colour with as much of its chroma as sRGB holds at that lightness and hue. */
export function rgbWithinGamut(colour: Oklch): Rgb {
  const whole = rgbFromOklch(colour);
  if (inGamut(whole)) return whole;
  let low = 0;
  let high = colour.chroma;
  for (let i = 0; i < 16; i++) {
    const chroma = (low + high) / 2;
    if (inGamut(rgbFromOklch({ ...colour, chroma }))) low = chroma;
    else high = chroma;
  }
  return rgbFromOklch({ ...colour, chroma: low });
}

export function hexFromRgb(rgb: Rgb): string {
  const byte = (channel: number) =>
    Math.round(Math.min(1, Math.max(0, channel)) * 255)
      .toString(16)
      .padStart(2, "0");
  return `#${rgb.map(byte).join("")}`;
}

/** Takes "#rrggbb". */
export function rgbFromHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

export type ColourVision = "protan" | "deutan" | "tritan";

/** Full dichromacy in linear sRGB: Machado, Oliveira and Fernandes (2009), severity 1.0. */
const VISION: Readonly<Record<ColourVision, readonly (readonly [number, number, number])[]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** What a viewer with that colour vision sees, as an sRGB colour. */
export function simulateVision(rgb: Rgb, vision: ColourVision): Rgb {
  const linear = rgb.map(linearOf);
  const [r, g, b] = VISION[vision].map((row) => {
    const value = row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2];
    return encode(Math.min(1, Math.max(0, value)));
  }) as [number, number, number];
  return [r, g, b];
}
