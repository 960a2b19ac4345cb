import type { Size } from "../../src/domain/clip.ts";

/**
 * Test pictures that say which frame they are. The index stands as eight black or white blocks,
 * lowest bit first, in two rows of four around the centre, where every crop keeps them. Left is
 * red, right is blue, and it grows brighter downwards, so a turned or mirrored picture shows.
 */
const LEFT = 0.25;
const TOP = 0.4;
const BLOCK = { width: 0.125, height: 0.1 };

/** RGB, row-major. `index` below 256. */
export function drawIndexed(index: number, size: Size): Uint8Array {
  const { width, height } = size;
  const out = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5) / width;
      const v = (y + 0.5) / height;
      const wave = 8 * Math.sin(9 * u + 7 * v + index / 4);
      const base = 50 + 110 * v + wave;
      const bit = bitAt(index, u, v);
      const to = 3 * (y * width + x);
      out[to] = bit ?? base + 70 * (1 - u);
      out[to + 1] = bit ?? base;
      out[to + 2] = bit ?? base + 70 * u;
    }
  }
  return out;
}

function bitAt(index: number, u: number, v: number): number | undefined {
  const column = Math.floor((u - LEFT) / BLOCK.width);
  const row = Math.floor((v - TOP) / BLOCK.height);
  if (column < 0 || column > 3 || row < 0 || row > 1) return undefined;
  return (index >> (row * 4 + column)) & 1 ? 235 : 16;
}

export interface Reading {
  readonly index: number;
  /** Red left, blue right, dark above, bright below. */
  readonly upright: boolean;
}

/** Reads what `drawIndexed` wrote; `at` maps (u, v) of the picture to a pixel of `rgba`. */
export function readIndexed(
  rgba: Uint8ClampedArray,
  width: number,
  at: (u: number, v: number) => [number, number],
): Reading {
  const pixel = (u: number, v: number): [number, number, number] => {
    const [x, y] = at(u, v);
    const from = 4 * (Math.round(y) * width + Math.round(x));
    return [rgba[from], rgba[from + 1], rgba[from + 2]];
  };
  let index = 0;
  for (let bit = 0; bit < 8; bit++) {
    const u = LEFT + ((bit % 4) + 0.5) * BLOCK.width;
    const v = TOP + (Math.floor(bit / 4) + 0.5) * BLOCK.height;
    if (pixel(u, v)[1] > 125) index |= 1 << bit;
  }
  const left = pixel(0.15, 0.5);
  const right = pixel(0.85, 0.5);
  const luma = ([r, g, b]: [number, number, number]) => r + g + b;
  const above = luma(pixel(0.2, 0.34));
  const below = luma(pixel(0.2, 0.66));
  return { index, upright: left[0] > left[2] && right[2] > right[0] && below > above };
}
