import type { Size } from "./clip.ts";

/**
 * What the studio takes where nobody says otherwise, each number once. A chosen pack's own sizes come
 * from its manifest (`packGeometry`).
 */

/** Size of the working frame, px. */
export const WORKING_SIZE: Size = { width: 832, height: 480 };
export const WORKING_WIDTH = WORKING_SIZE.width;
export const WORKING_HEIGHT = WORKING_SIZE.height;

/** Working frames a second. */
export const WORKING_RATE = 16;

/** Side of a cell of the query grid, px. */
export const CELL = 32;
export const GRID_COLUMNS = WORKING_WIDTH / CELL;
export const GRID_ROWS = WORKING_HEIGHT / CELL;
export const POINT_COUNT = GRID_COLUMNS * GRID_ROWS;

/** Longest history that a forecast sees, in working frames, "now" included. */
export const HISTORY_FRAMES = 81;
/** Frames of one future; the first is the frame after "now". */
export const HORIZON_FRAMES = 81;

/** Futures (K) of a forecast, unless the user says how many. */
export const DEFAULT_FUTURES = 8;
export const MAX_FUTURES = 64;
