import type { GrayFrame } from "../../domain/clip.ts";

/** One image, row-major luma. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** levels[l] is the frame at 1/2^(l+1) of its size. */
export interface Pyramid {
  readonly levels: readonly Plane[];
}

/** Smaller levels hold too few pixels for a patch. */
const MIN_SIDE = 24;

/**
 * Halves an image with the kernel (1 3 3 1)/8 in each direction. Its even length keeps centres
 * fixed: level position = (position + 0.5) / 2 − 0.5. Borders repeat.
 */
function halve(source: Uint8Array | Float32Array, width: number, height: number): Plane {
  const w = width >> 1;
  const h = height >> 1;
  const rows = new Float32Array(w * height);
  for (let y = 0; y < height; y++) {
    const o = y * width;
    for (let x = 0; x < w; x++) {
      const i = o + 2 * x;
      const left = x === 0 ? i : i - 1;
      const right = 2 * x + 2 < width ? i + 2 : i + 1;
      rows[y * w + x] = source[left] + 3 * (source[i] + source[i + 1]) + source[right];
    }
  }
  const data = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const b = 2 * y * w;
    const a = y === 0 ? b : b - w;
    const c = b + w;
    const d = 2 * y + 2 < height ? c + w : c;
    for (let x = 0; x < w; x++) {
      data[y * w + x] = (rows[a + x] + 3 * (rows[b + x] + rows[c + x]) + rows[d + x]) * (1 / 64);
    }
  }
  return { width: w, height: h, data };
}

/** At most `count` levels, the first at half size. */
export function buildPyramid(frame: GrayFrame, count: number): Pyramid {
  const levels = [halve(frame.gray, frame.size.width, frame.size.height)];
  while (levels.length < count) {
    const last = levels[levels.length - 1];
    if (Math.min(last.width, last.height) < 2 * MIN_SIDE) break;
    levels.push(halve(last.data, last.width, last.height));
  }
  return { levels };
}

/** The frame itself as a plane, for matching at full size. */
export function fullPlane(frame: GrayFrame): Plane {
  return { ...frame.size, data: Float32Array.from(frame.gray) };
}
