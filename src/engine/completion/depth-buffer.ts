import type { Size } from "../../domain/clip.ts";
import { NEAREST_DEPTH } from "../../domain/pinhole.ts";
import { cellCentre, EDGE_LOG_DEPTH, inverseDepthAt, type Relief } from "../../domain/relief.ts";

/** Side of a bucket of the depth buffer, px. */
const BUCKET_PX = 4;
/** Farther than what covers it by this factor, a point is hidden by it. */
const BEHIND = 1.04;

/** Where the cells of a relief are seen, and how deep: fills (x, y, depth). */
export type SeeCell = (x: number, y: number, depth: number, out: [number, number, number]) => void;

/** Places of a relief that can cover others: [M,3] (x, y, depth) at "now". */
export interface Surface {
  readonly placesM3: Float32Array;
}

/**
 * The cells of a relief, but for those at an edge of depth: what is seen there may float between two
 * surfaces.
 */
export function surfaceOf(relief: Relief, size: Size): Surface {
  const { columns, rows, inverseDepth } = relief;
  const places: number[] = [];
  const isApart = (a: number, b: number) => Math.abs(Math.log(a / b)) > EDGE_LOG_DEPTH;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const own = inverseDepth[at];
      // Only the farther side of an edge floats; the nearer one is what covers.
      const right = column + 1 < columns ? inverseDepth[at + 1] : own;
      const left = column > 0 ? inverseDepth[at - 1] : own;
      const below = row + 1 < rows ? inverseDepth[at + columns] : own;
      const above = row > 0 ? inverseDepth[at - columns] : own;
      const floats = [right, left, below, above].some((next) => next > own && isApart(own, next));
      if (floats) continue;
      const [x, y] = cellCentre(relief, size, column, row);
      places.push(x, y, 1 / own);
    }
  }
  return { placesM3: Float32Array.from(places) };
}

/**
 * How many times as deep as what covers it a point may be seen and still be part of it: where a
 * surface falls away steeply, the buckets around a point are nearer than the point. [N].
 */
export function behindFactors(relief: Relief, size: Size, xyN2: Float32Array): Float32Array {
  const reach = 2 * BUCKET_PX;
  return Float32Array.from({ length: xyN2.length / 2 }, (_, n) => {
    const [x, y] = [xyN2[2 * n], xyN2[2 * n + 1]];
    const own = inverseDepthAt(relief, size, x, y);
    let steepest = 0;
    for (const [dx, dy] of [
      [reach, 0],
      [-reach, 0],
      [0, reach],
      [0, -reach],
    ]) {
      const change = Math.abs(Math.log(inverseDepthAt(relief, size, x + dx, y + dy) / own));
      // More than that is an edge, not a slope.
      if (change <= 2 * EDGE_LOG_DEPTH) steepest = Math.max(steepest, change);
    }
    return BEHIND * Math.exp(2 * steepest);
  });
}

/** What is nearest where in one frame. */
export class DepthBuffer {
  private readonly columns: number;
  private readonly rows: number;
  private readonly nearest: Float32Array;

  constructor(size: Size) {
    this.columns = Math.ceil(size.width / BUCKET_PX);
    this.rows = Math.ceil(size.height / BUCKET_PX);
    this.nearest = new Float32Array(this.columns * this.rows);
  }

  fill({ placesM3 }: Surface, see: SeeCell): void {
    const { columns, rows, nearest } = this;
    const out: [number, number, number] = [0, 0, 0];
    nearest.fill(Number.POSITIVE_INFINITY);
    for (let m = 0; m < placesM3.length; m += 3) {
      see(placesM3[m], placesM3[m + 1], placesM3[m + 2], out);
      const [x, y, depth] = out;
      if (!(depth >= NEAREST_DEPTH)) continue;
      const column = Math.floor((x + 0.5) / BUCKET_PX);
      const row = Math.floor((y + 0.5) / BUCKET_PX);
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
      const at = row * columns + column;
      if (depth < nearest[at]) nearest[at] = depth;
    }
  }

  /** Depth of the nearest surface around (x,y) videoPx: cracks between its places are closed. */
  around(x: number, y: number): number {
    const { columns, rows, nearest } = this;
    const column = Math.floor((x + 0.5) / BUCKET_PX);
    const row = Math.floor((y + 0.5) / BUCKET_PX);
    let least = Number.POSITIVE_INFINITY;
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
        least = Math.min(least, nearest[r * columns + c]);
      }
    }
    return least;
  }
}
