import type { Size } from "../../domain/clip.ts";
import type { Fitting, Orientation, Rect } from "../../domain/fitting.ts";
import type { Picture, Plane, YuvColour } from "./picture.ts";
import { resamplePlane, type Taps, triangleTaps } from "./resample.ts";

/** Where a stored picture goes: turned upright, cut, scaled into a target of `size`. */
export interface Placement {
  readonly orientation: Orientation;
  readonly display: Size;
  readonly fitting: Fitting;
  readonly size: Size;
}

/**
 * Renders stored pictures to RGBA in integer arithmetic, so that every decoder and machine gives
 * the same bits. Taps are kept between the pictures of one clip.
 */
export class PictureRenderer {
  private readonly taps = new Map<string, Taps>();

  constructor(private readonly placement: Placement) {}

  /** RGBA, row-major, opaque; what the picture does not cover is black. */
  render(picture: Picture): Uint8ClampedArray<ArrayBuffer> {
    const { orientation, size, fitting } = this.placement;
    const { destination } = fitting;
    const turned = orientation.rotation % 180 !== 0;
    const width = turned ? destination.height : destination.width;
    const height = turned ? destination.width : destination.height;
    const cut = storedRect(this.placement, picture.size);
    const scale = (plane: Plane) => this.scale(plane, picture.size, cut, width, height);
    const channels = picture.planes.map(scale);
    const out = blackTarget(size, destination);
    const walk = storedWalk(width, height, orientation, destination);
    if (picture.colour !== "rgb") writeYuv(out, size, channels, picture.colour, destination, walk);
    else {
      if (picture.alpha) multiply(channels, scale(picture.alpha));
      writeRgb(out, size, channels, destination, walk);
    }
    return out;
  }

  private scale(plane: Plane, full: Size, cut: Rect, width: number, height: number): Uint8Array {
    const ratioX = plane.width < full.width ? 0.5 : 1;
    const ratioY = plane.height < full.height ? 0.5 : 1;
    // MPEG-2 siting: a halved chroma sample sits on the left luma sample of its pair.
    const shiftX = ratioX === 1 ? 0 : 0.25;
    const across = this.axis(plane.width, cut.x * ratioX + shiftX, cut.width * ratioX, width);
    const down = this.axis(plane.height, cut.y * ratioY, cut.height * ratioY, height);
    return resamplePlane(plane, across, down);
  }

  private axis(length: number, from: number, extent: number, outputLength: number): Taps {
    const key = `${length}/${from}/${extent}/${outputLength}`;
    let taps = this.taps.get(key);
    if (!taps) {
      taps = triangleTaps(length, from, from + extent, outputLength);
      this.taps.set(key, taps);
    }
    return taps;
  }
}

/** The part of the stored picture that is shown, in stored pixels. */
function storedRect(placement: Placement, stored: Size): Rect {
  const { display, fitting, orientation } = placement;
  const { source } = fitting;
  const { rotation, flip } = orientation;
  const left = source.x / display.width;
  const right = (source.x + source.width) / display.width;
  const top = source.y / display.height;
  const bottom = (source.y + source.height) / display.height;
  const [u0, u1] = flip ? [1 - right, 1 - left] : [left, right];
  const [x0, x1, y0, y1] =
    rotation === 0
      ? [u0, u1, top, bottom]
      : rotation === 90
        ? [top, bottom, 1 - u1, 1 - u0]
        : rotation === 180
          ? [1 - u1, 1 - u0, 1 - bottom, 1 - top]
          : [1 - bottom, 1 - top, u0, u1];
  return {
    x: x0 * stored.width,
    y: y0 * stored.height,
    width: (x1 - x0) * stored.width,
    height: (y1 - y0) * stored.height,
  };
}

/** Luma weights of red and blue: ITU-R BT.601, BT.709, BT.2020 (non-constant luminance). */
const LUMA_WEIGHTS = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
} as const;

function multiply(channels: Uint8Array[], alpha: Uint8Array): void {
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) {
      channel[i] = ((channel[i] * alpha[i] + 127) / 255) | 0;
    }
  }
}

/** Opaque black where the picture leaves a border; the rest is written anyway. */
function blackTarget(size: Size, destination: Rect): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * size.width * size.height);
  const full = destination.width === size.width && destination.height === size.height;
  if (!full) for (let i = 3; i < out.length; i += 4) out[i] = 255;
  return out;
}

/** Index of the scaled stored pixel that the upper left one shows, and its change by x and y. */
interface Walk {
  readonly at: number;
  readonly byX: number;
  readonly byY: number;
}

function storedWalk(
  width: number,
  height: number,
  { rotation, flip }: Orientation,
  destination: Rect,
): Walk {
  const [at, byX, byY] =
    rotation === 0
      ? [0, 1, width]
      : rotation === 90
        ? [(height - 1) * width, -width, 1]
        : rotation === 180
          ? [width * height - 1, -1, -width]
          : [width - 1, width, -1];
  return flip ? { at: at + byX * (destination.width - 1), byX: -byX, byY } : { at, byX, byY };
}

function writeYuv(
  out: Uint8ClampedArray,
  size: Size,
  channels: readonly Uint8Array[],
  colour: YuvColour,
  destination: Rect,
  { at, byX, byY }: Walk,
): void {
  const [kr, kb] = LUMA_WEIGHTS[colour.matrix];
  const kg = 1 - kr - kb;
  const unit = 65536;
  const lumaGain = Math.round((colour.fullRange ? 1 : 255 / 219) * unit);
  const chromaGain = (colour.fullRange ? 1 : 255 / 224) * unit;
  const black = colour.fullRange ? 0 : 16;
  const redV = Math.round(2 * (1 - kr) * chromaGain);
  const blueU = Math.round(2 * (1 - kb) * chromaGain);
  const greenU = Math.round(((2 * kb * (1 - kb)) / kg) * chromaGain);
  const greenV = Math.round(((2 * kr * (1 - kr)) / kg) * chromaGain);
  const [luma, chromaU, chromaV] = channels;
  for (let j = 0; j < destination.height; j++) {
    let to = 4 * ((destination.y + j) * size.width + destination.x);
    let from = at + j * byY;
    for (let i = 0; i < destination.width; i++, to += 4, from += byX) {
      const y = (luma[from] - black) * lumaGain + (unit >> 1);
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
  channels: readonly Uint8Array[],
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
