import type { Size } from "../../domain/clip.ts";
import type { Light } from "./light.ts";

/** Sample i of row j is `samples[offset + j * stride + i * step]`. */
export interface Plane {
  readonly samples: Uint8Array | Uint16Array;
  readonly offset: number;
  readonly stride: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/** "ycgco": U and V hold Cg and Co, ITU-T H.273 matrix 8. */
export type ColourMatrix = "bt601" | "bt709" | "bt2020" | "ycgco";
export type Field = "top" | "bottom";

/** A decoded picture as stored: before rotation, pixel aspect, crop and scale. */
export interface Picture {
  readonly size: Size;
  /** Y, U, V or R, G, B. */
  readonly planes: readonly [Plane, Plane, Plane];
  /** Of a sample of `planes`; 10 only where `light` needs them. */
  readonly bits: 8 | 10;
  readonly colour: YuvColour | "rgb";
  /** Absent where the samples are BT.709 (or sRGB) already. */
  readonly light?: Light;
  /** Present where the source is transparent: shown over black. 8 bits a sample. */
  readonly alpha?: Plane;
  /** An interlaced picture holds two moments in its even and odd rows: only this one is shown. */
  readonly field?: Field;
}

/** How samples become light, as a file or its decoder tells. */
export interface YuvColour {
  readonly matrix: ColourMatrix;
  readonly fullRange: boolean;
  readonly light?: Light;
}

/** What a picture without a tag is taken for: one rule for every decoder. */
export function untaggedMatrix(fullRange: boolean): ColourMatrix {
  return fullRange ? "bt601" : "bt709";
}

type Sampling = "420" | "422" | "444";

/** Layouts that decoders hand over. "a" = alpha; "p10" = 10 bits in 16-bit little-endian words. */
export type PixelLayout =
  | Sampling
  | `${Sampling}p10`
  | `${Sampling}a`
  | `${Sampling}ap10`
  | "nv12"
  | "rgba";

interface LayoutFacts {
  readonly shiftX: 0 | 1;
  readonly shiftY: 0 | 1;
  readonly wide: boolean;
  readonly alpha: boolean;
}

function planar(layout: Exclude<PixelLayout, "nv12" | "rgba">): LayoutFacts {
  return {
    shiftX: layout.startsWith("444") ? 0 : 1,
    shiftY: layout.startsWith("420") ? 1 : 0,
    wide: layout.endsWith("p10"),
    alpha: layout[3] === "a",
  };
}

/** Where a plane begins in a buffer and how far its rows are apart, in bytes. */
export interface PlanePlace {
  readonly offset: number;
  readonly stride: number;
}

/** Half sizes round up: an odd picture has a chroma sample for its last column. */
function halved(length: number, shift: 0 | 1): number {
  return (length + shift) >> shift;
}

/** Tightly packed planes of a picture, as rawvideo writes them. */
export function packedPlaces(layout: PixelLayout, size: Size): PlanePlace[] {
  const { width, height } = size;
  if (layout === "rgba") return [{ offset: 0, stride: 4 * width }];
  if (layout === "nv12") {
    return [
      { offset: 0, stride: width },
      { offset: width * height, stride: 2 * halved(width, 1) },
    ];
  }
  const { shiftX, shiftY, wide, alpha } = planar(layout);
  const bytes = wide ? 2 : 1;
  const stride = halved(width, shiftX) * bytes;
  const luma = width * height * bytes;
  const chroma = stride * halved(height, shiftY);
  const colour = [
    { offset: 0, stride: width * bytes },
    { offset: luma, stride },
    { offset: luma + chroma, stride },
  ];
  return alpha ? [...colour, { offset: luma + 2 * chroma, stride: width * bytes }] : colour;
}

export function packedByteLength(layout: PixelLayout, size: Size): number {
  const { width, height } = size;
  if (layout === "rgba") return 4 * width * height;
  if (layout === "nv12") return width * height + 2 * halved(width, 1) * halved(height, 1);
  const { shiftX, shiftY, wide, alpha } = planar(layout);
  const chroma = halved(width, shiftX) * halved(height, shiftY);
  return (width * height * (alpha ? 2 : 1) + 2 * chroma) * (wide ? 2 : 1);
}

/**
 * Wraps `bytes` as a picture. 10-bit samples are rounded to 8 bits unless `colour.light` has to
 * spread them.
 */
export function pictureFromBytes(
  bytes: Uint8Array,
  layout: PixelLayout,
  size: Size,
  places: readonly PlanePlace[],
  colour: YuvColour,
  opaque = false,
): Picture {
  const { light } = colour;
  const common = { size, ...(light && { light }) };
  if (layout === "rgba") {
    const channel = (c: number): Plane => interleaved(bytes, places[0], c, 4, size);
    const planes = [channel(0), channel(1), channel(2)] as const;
    const alpha = opaque ? {} : { alpha: channel(3) };
    return { ...common, planes, bits: 8, colour: "rgb", ...alpha };
  }
  if (layout === "nv12") {
    const half = { width: halved(size.width, 1), height: halved(size.height, 1) };
    const planes = [
      interleaved(bytes, places[0], 0, 1, size),
      interleaved(bytes, places[1], 0, 2, half),
      interleaved(bytes, places[1], 1, 2, half),
    ] as const;
    return { ...common, planes, bits: 8, colour };
  }
  const { shiftX, shiftY, wide, alpha } = planar(layout);
  const chroma = { width: halved(size.width, shiftX), height: halved(size.height, shiftY) };
  const bits = wide && light ? 10 : 8;
  const plane = (place: PlanePlace, own: Size, kept: 8 | 10 = bits): Plane =>
    wide ? unpacked(bytes, place, own, kept) : interleaved(bytes, place, 0, 1, own);
  return {
    ...common,
    planes: [plane(places[0], size), plane(places[1], chroma), plane(places[2], chroma)],
    bits,
    colour,
    ...(alpha && { alpha: plane(places[3], size, 8) }),
  };
}

function interleaved(
  samples: Uint8Array,
  { offset, stride }: PlanePlace,
  channel: number,
  step: number,
  { width, height }: Size,
): Plane {
  return { samples, offset: offset + channel, stride, step, width, height };
}

/** 10-bit little-endian samples as they are, or rounded to 8 bits. */
function unpacked(bytes: Uint8Array, place: PlanePlace, size: Size, bits: 8 | 10): Plane {
  const { width, height } = size;
  const samples = bits === 10 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    let from = place.offset + y * place.stride;
    for (let x = 0; x < width; x++, from += 2) {
      const value = bytes[from] | (bytes[from + 1] << 8);
      samples[y * width + x] = bits === 10 ? value : Math.min(255, (value + 2) >> 2);
    }
  }
  return { samples, offset: 0, stride: width, step: 1, width, height };
}

/** The rows of one moment of an interlaced plane. */
export function fieldRows(plane: Plane, field: Field): Plane {
  const first = field === "top" ? 0 : 1;
  return {
    ...plane,
    offset: plane.offset + first * plane.stride,
    stride: 2 * plane.stride,
    height: Math.max(1, (plane.height + 1 - first) >> 1),
  };
}
