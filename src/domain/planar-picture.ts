import type { Frame, Size } from "./clip.ts";

/**
 * A picture to look at in 1.5 bytes a pixel: brightness of every pixel and colour of every 2×2, as JPEG
 * has it (ITU-T T.871, full range). Row-major, 8 bits; colour as pairs Cb, Cr.
 */
export interface PlanarPicture {
  readonly size: Size;
  readonly luma: Uint8Array;
  readonly chroma: Uint8Array;
}

/** Sizes of the planes of colour: an odd row or column counts for a whole block. */
export function chromaSize({ width, height }: Size): Size {
  return { width: (width + 1) >> 1, height: (height + 1) >> 1 };
}

/** `luma`: of the same picture, where it is known. */
export function planarFrom(
  { rgba, size }: Pick<Frame, "rgba" | "size">,
  luma: Uint8Array = lumaOf(rgba),
): PlanarPicture {
  const { width, height } = size;
  const blocks = chromaSize(size);
  const chroma = new Uint8Array(2 * blocks.width * blocks.height);
  for (let y = 0, c = 0; y < height; y += 2) {
    const below = y + 1 < height ? 4 * width : 0;
    for (let x = 0, o = 4 * y * width; x < width; x += 2, o += 8) {
      const right = x + 1 < width ? 4 : 0;
      const a = o + right;
      const b = o + below;
      const d = b + right;
      const red = rgba[o] + rgba[a] + rgba[b] + rgba[d];
      const green = rgba[o + 1] + rgba[a + 1] + rgba[b + 1] + rgba[d + 1];
      const blue = rgba[o + 2] + rgba[a + 2] + rgba[b + 2] + rgba[d + 2];
      // Sums of four: 128.5 in units of 1/262144 rounds, and stays below 256.
      chroma[c++] = Math.min(255, (-11058 * red - 21710 * green + 32768 * blue + HALF) >> 18);
      chroma[c++] = Math.min(255, (32768 * red - 27439 * green - 5329 * blue + HALF) >> 18);
    }
  }
  return { size, luma, chroma };
}
const HALF = 128.5 * 2 ** 18;

function lumaOf(rgba: Frame["rgba"]): Uint8Array {
  const luma = new Uint8Array(rgba.length / 4);
  // T.871's weights, in 1/65536.
  for (let i = 0, o = 0; i < luma.length; i++, o += 4)
    luma[i] = (19595 * rgba[o] + 38470 * rgba[o + 1] + 7471 * rgba[o + 2] + 32768) >> 16;
  return luma;
}

/** RGBA again, each block in one colour. */
export function rgbaFrom({ size, luma, chroma }: PlanarPicture): Uint8ClampedArray<ArrayBuffer> {
  const { width, height } = size;
  const rgba = new Uint8ClampedArray(4 * width * height);
  const blocks = chromaSize(size).width;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const c = 2 * ((y >> 1) * blocks + (x >> 1));
      const cb = chroma[c] - 128;
      const cr = chroma[c + 1] - 128;
      const o = 4 * i;
      rgba[o] = luma[i] + 1.402 * cr;
      rgba[o + 1] = luma[i] - 0.344136 * cb - 0.714136 * cr;
      rgba[o + 2] = luma[i] + 1.772 * cb;
      rgba[o + 3] = 255;
    }
  }
  return rgba;
}
