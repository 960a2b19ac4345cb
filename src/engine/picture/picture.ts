import type { Size } from "../../domain/clip.ts";

/** Sample i of row j is `samples[offset + j * stride + i * step]`. */
export interface Plane {
  readonly samples: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

export type ColourMatrix = "bt601" | "bt709" | "bt2020";

/** A decoded picture as stored: before rotation, pixel aspect, crop and scale. 8 bits a sample. */
export interface Picture {
  readonly size: Size;
  /** Y, U, V or R, G, B. */
  readonly planes: readonly [Plane, Plane, Plane];
  readonly colour: YuvColour | "rgb";
  /** Present where the source is transparent: shown over black. */
  readonly alpha?: Plane;
}

export interface YuvColour {
  readonly matrix: ColourMatrix;
  readonly fullRange: boolean;
}

/** What a picture without a tag is taken for: one rule for every decoder. */
export function untaggedMatrix(fullRange: boolean): ColourMatrix {
  return fullRange ? "bt601" : "bt709";
}

/** Layouts that decoders hand over. "10" = 10 bits in 16-bit little-endian words. */
export type PixelLayout = "420" | "422" | "444" | "420p10" | "422p10" | "444p10" | "nv12" | "rgba";

interface LayoutFacts {
  readonly shiftX: 0 | 1;
  readonly shiftY: 0 | 1;
  readonly wide: boolean;
}

const PLANAR: Readonly<Record<Exclude<PixelLayout, "nv12" | "rgba">, LayoutFacts>> = {
  "420": { shiftX: 1, shiftY: 1, wide: false },
  "422": { shiftX: 1, shiftY: 0, wide: false },
  "444": { shiftX: 0, shiftY: 0, wide: false },
  "420p10": { shiftX: 1, shiftY: 1, wide: true },
  "422p10": { shiftX: 1, shiftY: 0, wide: true },
  "444p10": { shiftX: 0, shiftY: 0, wide: true },
};

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
  const { shiftX, shiftY, wide } = PLANAR[layout];
  const bytes = wide ? 2 : 1;
  const stride = halved(width, shiftX) * bytes;
  const luma = width * height * bytes;
  const chroma = stride * halved(height, shiftY);
  return [
    { offset: 0, stride: width * bytes },
    { offset: luma, stride },
    { offset: luma + chroma, stride },
  ];
}

export function packedByteLength(layout: PixelLayout, size: Size): number {
  const { width, height } = size;
  if (layout === "rgba") return 4 * width * height;
  if (layout === "nv12") return width * height + 2 * halved(width, 1) * halved(height, 1);
  const { shiftX, shiftY, wide } = PLANAR[layout];
  const chroma = halved(width, shiftX) * halved(height, shiftY);
  return (width * height + 2 * chroma) * (wide ? 2 : 1);
}

/** Wraps `bytes` as a picture; 10-bit samples are rounded to 8 bits. */
export function pictureFromBytes(
  bytes: Uint8Array,
  layout: PixelLayout,
  size: Size,
  places: readonly PlanePlace[],
  colour: YuvColour,
  opaque = false,
): Picture {
  const { width, height } = size;
  if (layout === "rgba") {
    const [{ offset, stride }] = places;
    const channel = (c: number): Plane => ({
      samples: bytes,
      offset: offset + c,
      stride,
      step: 4,
      width,
      height,
    });
    const planes = [channel(0), channel(1), channel(2)] as const;
    return { size, planes, colour: "rgb", ...(opaque ? {} : { alpha: channel(3) }) };
  }
  const facts = layout === "nv12" ? PLANAR["420"] : PLANAR[layout];
  const plane = (index: number, place: PlanePlace, step: number, shift: number): Plane => {
    const planeWidth = index === 0 ? width : halved(width, facts.shiftX);
    const planeHeight = index === 0 ? height : halved(height, facts.shiftY);
    const base = { step, width: planeWidth, height: planeHeight };
    if (facts.wide) {
      const samples = narrow(bytes, place, planeWidth, planeHeight);
      return { ...base, samples, offset: 0, stride: planeWidth };
    }
    return { ...base, samples: bytes, offset: place.offset + shift, stride: place.stride };
  };
  const planes =
    layout === "nv12"
      ? ([plane(0, places[0], 1, 0), plane(1, places[1], 2, 0), plane(2, places[1], 2, 1)] as const)
      : ([
          plane(0, places[0], 1, 0),
          plane(1, places[1], 1, 0),
          plane(2, places[2], 1, 0),
        ] as const);
  return { size, planes, colour };
}

/** 10-bit little-endian samples to 8 bits, rounded. */
function narrow(bytes: Uint8Array, place: PlanePlace, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    let from = place.offset + y * place.stride;
    for (let x = 0; x < width; x++, from += 2) {
      const value = (bytes[from] | (bytes[from + 1] << 8)) + 2;
      out[y * width + x] = Math.min(255, value >> 2);
    }
  }
  return out;
}
