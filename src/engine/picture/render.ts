import type { Size } from "../../domain/clip.ts";
import type { Orientation, Rect } from "../../domain/fitting.ts";
import { type Light, LightConverter } from "./light.ts";
import type { ColourMatrix, Picture, Plane, YuvColour } from "./picture.ts";
import type { Placement } from "./placement.ts";
import { resamplePlane } from "./resample.ts";
import { Scaling } from "./scaling.ts";

type Samples = Uint8Array | Uint16Array;

/**
 * Renders stored pictures to RGBA in integer arithmetic, so that every decoder and machine gives
 * the same bits. Taps are kept between the pictures of one clip.
 */
export class PictureRenderer {
  private readonly scaling: Scaling;

  constructor(placement: Placement) {
    this.scaling = new Scaling(placement);
  }

  /** RGBA, row-major, opaque; what the picture does not cover is black. */
  render(picture: Picture): Uint8ClampedArray<ArrayBuffer> {
    const { placement, width, height, tapsOf } = this.scaling.of(picture);
    const { orientation, size } = placement;
    const { destination } = placement.fitting;
    const { bits, light, alpha } = picture;
    const scale = (plane: Plane, depth: 8 | 10) => {
      const { rows, across, down } = tapsOf(plane);
      return resamplePlane(rows, across, down, depth);
    };
    const stored = picture.planes.map((plane) => scale(plane, bits));
    const isYcgco = picture.colour !== "rgb" && picture.colour.matrix === "ycgco";
    const channels = isYcgco ? rgbOfYcgco(stored, bits, picture.colour.fullRange) : stored;
    const colour = isYcgco ? "rgb" : picture.colour;
    const out = blackTarget(size, destination);
    const walk = storedWalk(width, height, orientation, destination);
    if (light) {
      const converter = this.converterOf(light);
      writeLight(out, size, channels, bits, colour, destination, walk, converter);
    } else if (colour !== "rgb") writeYuv(out, size, channels, colour, destination, walk);
    else writeRgb(out, size, channels, destination, walk);
    if (alpha) darken(out, size, scale(alpha, 8), destination, walk);
    return out;
  }

  private converter: LightConverter | undefined;

  /** One clip has one kind of light. */
  private converterOf(light: Light): LightConverter {
    this.converter ??= new LightConverter(light);
    return this.converter;
  }
}

/** 16-bit fixed point: what turns 8-bit YUV, chroma around 0, into 8-bit RGB. */
export function yuvGains({ matrix, fullRange }: YuvColour) {
  const [kr, kb] = lumaWeights(matrix);
  const kg = 1 - kr - kb;
  const unit = 65536;
  const chromaGain = (fullRange ? 1 : 255 / 224) * unit;
  return {
    black: fullRange ? 0 : 16,
    luma: Math.round((fullRange ? 1 : 255 / 219) * unit),
    redV: Math.round(2 * (1 - kr) * chromaGain),
    blueU: Math.round(2 * (1 - kb) * chromaGain),
    greenU: Math.round(((2 * kb * (1 - kb)) / kg) * chromaGain),
    greenV: Math.round(((2 * kr * (1 - kr)) / kg) * chromaGain),
  };
}

/** Luma weights of red and blue: ITU-R BT.601, BT.709, BT.2020 (non-constant luminance). */
const LUMA_WEIGHTS = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
} as const;

function lumaWeights(matrix: ColourMatrix): readonly [number, number] {
  // Its chroma is no difference to luma: `rgbOfYcgco` mixes it.
  return LUMA_WEIGHTS[matrix === "ycgco" ? "bt709" : matrix];
}

/** Y, Cg, Co to R, G, B, all of `bits` a sample (ITU-T H.273, matrix 8). */
function rgbOfYcgco([luma, green, orange]: readonly Samples[], bits: 8 | 10, fullRange: boolean) {
  const up = bits - 8;
  const top = bits === 10 ? 1023 : 255;
  const [black, lumaGain] = fullRange ? [0, 1] : [16 << up, top / (219 << up)];
  const chromaGain = fullRange ? 1 : top / (224 << up);
  const rgb = [luma, luma, luma].map((samples) => samples.slice());
  const level = (value: number) => Math.min(top, Math.max(0, Math.round(value)));
  for (let i = 0; i < luma.length; i++) {
    const y = (luma[i] - black) * lumaGain;
    const cg = (green[i] - (128 << up)) * chromaGain;
    const co = (orange[i] - (128 << up)) * chromaGain;
    rgb[0][i] = level(y - cg + co);
    rgb[1][i] = level(y + cg);
    rgb[2][i] = level(y - cg - co);
  }
  return rgb;
}

/** Shows a transparent picture over black. */
function darken(
  out: Uint8ClampedArray,
  size: Size,
  alpha: Samples,
  destination: Rect,
  { at, byX, byY }: Walk,
): void {
  for (let j = 0; j < destination.height; j++) {
    let to = 4 * ((destination.y + j) * size.width + destination.x);
    let from = at + j * byY;
    for (let i = 0; i < destination.width; i++, to += 4, from += byX) {
      for (let c = 0; c < 3; c++) out[to + c] = ((out[to + c] * alpha[from] + 127) / 255) | 0;
    }
  }
}

/** Opaque black where the picture leaves a border; the rest is written anyway. */
export function blackTarget(size: Size, destination: Rect): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * size.width * size.height);
  const full = destination.width === size.width && destination.height === size.height;
  if (!full) for (let i = 3; i < out.length; i += 4) out[i] = 255;
  return out;
}

/** Index of the scaled stored pixel that the upper left one shows, and its change by x and y. */
export interface Walk {
  readonly at: number;
  readonly byX: number;
  readonly byY: number;
}

/** `pitch`: samples from row to row. */
export function storedWalk(
  width: number,
  height: number,
  { rotation, flip }: Orientation,
  destination: Rect,
  pitch = width,
): Walk {
  const [at, byX, byY] =
    rotation === 0
      ? [0, 1, pitch]
      : rotation === 90
        ? [(height - 1) * pitch, -pitch, 1]
        : rotation === 180
          ? [(height - 1) * pitch + width - 1, -1, -pitch]
          : [width - 1, pitch, -1];
  return flip ? { at: at + byX * (destination.width - 1), byX: -byX, byY } : { at, byX, byY };
}

function writeYuv(
  out: Uint8ClampedArray,
  size: Size,
  channels: readonly Samples[],
  colour: YuvColour,
  destination: Rect,
  { at, byX, byY }: Walk,
): void {
  const { black, luma: lumaGain, redV, blueU, greenU, greenV } = yuvGains(colour);
  const [luma, chromaU, chromaV] = channels;
  for (let j = 0; j < destination.height; j++) {
    let to = 4 * ((destination.y + j) * size.width + destination.x);
    let from = at + j * byY;
    for (let i = 0; i < destination.width; i++, to += 4, from += byX) {
      const y = (luma[from] - black) * lumaGain + 32768;
      const u = chromaU[from] - 128;
      const v = chromaV[from] - 128;
      out[to] = (y + v * redV) >> 16;
      out[to + 1] = (y - u * greenU - v * greenV) >> 16;
      out[to + 2] = (y + u * blueU) >> 16;
      out[to + 3] = 255;
    }
  }
}

function writeRgb(
  out: Uint8ClampedArray,
  size: Size,
  channels: readonly Samples[],
  destination: Rect,
  { at, byX, byY }: Walk,
): void {
  const [red, green, blue] = channels;
  for (let j = 0; j < destination.height; j++) {
    let to = 4 * ((destination.y + j) * size.width + destination.x);
    let from = at + j * byY;
    for (let i = 0; i < destination.width; i++, to += 4, from += byX) {
      out[to] = red[from];
      out[to + 1] = green[from];
      out[to + 2] = blue[from];
      out[to + 3] = 255;
    }
  }
}

/** As `writeYuv` and `writeRgb`, with 10 bits a sample, and on through `converter`. */
function writeLight(
  out: Uint8ClampedArray,
  size: Size,
  [first, second, third]: readonly Samples[],
  bits: 8 | 10,
  colour: YuvColour | "rgb",
  destination: Rect,
  { at, byX, byY }: Walk,
  converter: LightConverter,
): void {
  const up = 10 - bits;
  const gains = colour === "rgb" ? undefined : deepGains(colour);
  for (let j = 0; j < destination.height; j++) {
    let to = 4 * ((destination.y + j) * size.width + destination.x);
    let from = at + j * byY;
    for (let i = 0; i < destination.width; i++, to += 4, from += byX) {
      out[to + 3] = 255;
      if (!gains) {
        // 255 << 2 is 1020: the top bits come again below.
        const [r, g, b] = [first[from], second[from], third[from]];
        converter.write(out, to, spread(r), spread(g), spread(b));
        continue;
      }
      const y = ((first[from] << up) - gains.black) * gains.luma + 0.5;
      const u = (second[from] << up) - 512;
      const v = (third[from] << up) - 512;
      const red = clampDeep(y + v * gains.redV);
      const green = clampDeep(y - u * gains.greenU - v * gains.greenV);
      converter.write(out, to, red, green, clampDeep(y + u * gains.blueU));
    }
  }
}

const spread = (level: number) => (level << 2) | (level >> 6);
const clampDeep = (level: number) => Math.min(1023, Math.max(0, Math.floor(level)));

/** Of 10-bit samples: limited range holds luma at 64 to 940 and chroma at 512 ± 448. */
function deepGains({ matrix, fullRange }: YuvColour) {
  const [kr, kb] = lumaWeights(matrix);
  const kg = 1 - kr - kb;
  const chroma = fullRange ? 1 : 1023 / 896;
  return {
    black: fullRange ? 0 : 64,
    luma: fullRange ? 1 : 1023 / 876,
    redV: 2 * (1 - kr) * chroma,
    blueU: 2 * (1 - kb) * chroma,
    greenU: ((2 * kb * (1 - kb)) / kg) * chroma,
    greenV: ((2 * kr * (1 - kr)) / kg) * chroma,
  };
}
