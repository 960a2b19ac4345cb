/**
 * The working frame and its query grid. Positions are `videoPx`: pixels of the working frame,
 * x right, y down, 0 = centre of the first pixel.
 */
export const WORKING_WIDTH = 832;
export const WORKING_HEIGHT = 480;
export const CELL = 32;
export const GRID_COLUMNS = WORKING_WIDTH / CELL;
export const GRID_ROWS = WORKING_HEIGHT / CELL;
export const POINT_COUNT = GRID_COLUMNS * GRID_ROWS;

/** Longest past that a forecast sees, in working frames, "now" included. */
export const HISTORY_FRAMES = 81;
/** Frames of one future; the first is the frame after "now". */
export const HORIZON_FRAMES = 81;

export type GridAnchor = "cell-centre" | "cell-corner";

/** Query points [N,2] (x,y), videoPx, row-major over the 15×26 grid. */
export function gridQueryXyN2(anchor: GridAnchor = "cell-centre"): Float32Array {
  const shift = anchor === "cell-centre" ? CELL / 2 : 0;
  const xyN2 = new Float32Array(POINT_COUNT * 2);
  for (let n = 0; n < POINT_COUNT; n++) {
    xyN2[2 * n] = (n % GRID_COLUMNS) * CELL + shift;
    xyN2[2 * n + 1] = Math.floor(n / GRID_COLUMNS) * CELL + shift;
  }
  return xyN2;
}

const ON_GRID_PX = 0.01;

/** Whether points lie on the grid or a shifted one: those chosen before "now" have left it by then. */
export function isOnGrid(xyN2: Float32Array): boolean {
  return xyN2.every((v, i) => {
    const n = i >> 1;
    const cells = i % 2 === 0 ? n % GRID_COLUMNS : Math.floor(n / GRID_COLUMNS);
    return Math.abs(v - xyN2[i % 2] - CELL * cells) < ON_GRID_PX;
  });
}
