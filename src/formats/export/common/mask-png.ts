import type { Size } from "../../../domain/clip.ts";
import type { Grid } from "../../../domain/grid.ts";
import { writePng } from "../../containers/png.ts";
import { placement } from "./place.ts";

/**
 * PNG of cells: white inside, black outside, cropped and sized like the tracks of an export. The border
 * runs where the bilinear mean of the cells is a half. `insideM` [rows·columns] of `grid` over the
 * working frame, 1 = inside.
 */
export function maskPng(insideM: ArrayLike<number>, grid: Grid, size: Size): Uint8Array {
  const { scale, left, top } = placement(size);
  const rgba = new Uint8ClampedArray(4 * size.width * size.height).fill(255);
  for (let y = 0; y < size.height; y++) {
    const row = ((y + 0.5 + top) / scale / grid.height) * grid.rows - 0.5;
    for (let x = 0; x < size.width; x++) {
      const column = ((x + 0.5 + left) / scale / grid.width) * grid.columns - 0.5;
      const value = meanAt(insideM, grid, row, column) >= 0.5 ? 255 : 0;
      rgba.fill(value, 4 * (y * size.width + x), 4 * (y * size.width + x) + 3);
    }
  }
  return writePng({ index: 0, size, rgba });
}

/** Bilinear, the edge repeated. */
function meanAt(
  valuesM: ArrayLike<number>,
  { rows, columns }: Grid,
  row: number,
  column: number,
): number {
  const [r, c] = [Math.floor(row), Math.floor(column)];
  const [fr, fc] = [row - r, column - c];
  const at = (y: number, x: number) =>
    valuesM[Math.min(rows - 1, Math.max(0, y)) * columns + Math.min(columns - 1, Math.max(0, x))];
  const upper = (1 - fc) * at(r, c) + fc * at(r, c + 1);
  return (1 - fr) * upper + fr * ((1 - fc) * at(r + 1, c) + fc * at(r + 1, c + 1));
}
