import type { Size } from "./clip.ts";
import {
  CELL,
  GRID_COLUMNS,
  GRID_ROWS,
  HISTORY_FRAMES,
  HORIZON_FRAMES,
  POINT_COUNT,
  WORKING_HEIGHT,
  WORKING_SIZE,
  WORKING_WIDTH,
} from "./studio-defaults.ts";

// Until their importers name studio-defaults.ts.
export {
  CELL,
  GRID_COLUMNS,
  GRID_ROWS,
  HISTORY_FRAMES,
  HORIZON_FRAMES,
  POINT_COUNT,
  WORKING_HEIGHT,
  WORKING_WIDTH,
};

/**
 * The query grid of a frame. Positions are `videoPx`: pixels of that frame, x right, y down,
 * 0 = centre of the first pixel.
 */
export type GridAnchor = "cell-centre" | "cell-corner";

export interface Grid extends Size {
  readonly rows: number;
  readonly columns: number;
}

/** The grid of the studio's own working frame. */
export const STUDIO_GRID: Grid = { ...WORKING_SIZE, rows: GRID_ROWS, columns: GRID_COLUMNS };

/** Query points [N,2] (x,y), videoPx, row-major over the grid. */
export function gridQueryXyN2(
  anchor: GridAnchor = "cell-centre",
  { rows, columns, width, height }: Grid = STUDIO_GRID,
): Float32Array {
  const [cellWidth, cellHeight] = [width / columns, height / rows];
  const shift = anchor === "cell-centre" ? 0.5 : 0;
  const xyN2 = new Float32Array(rows * columns * 2);
  for (let n = 0; n < rows * columns; n++) {
    xyN2[2 * n] = ((n % columns) + shift) * cellWidth;
    xyN2[2 * n + 1] = (Math.floor(n / columns) + shift) * cellHeight;
  }
  return xyN2;
}

const ON_GRID_PX = 0.01;

/** Whether points lie on the studio's grid or a shifted one: those chosen before "now" have left it
 * by then. */
export function isOnGrid(xyN2: Float32Array): boolean {
  return xyN2.every((v, i) => {
    const n = i >> 1;
    const cells = i % 2 === 0 ? n % GRID_COLUMNS : Math.floor(n / GRID_COLUMNS);
    return Math.abs(v - xyN2[i % 2] - CELL * cells) < ON_GRID_PX;
  });
}
