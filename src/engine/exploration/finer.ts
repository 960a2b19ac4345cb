import { underPath, withoutCamera } from "../../domain/camera-view.ts";
import type { Forecast, Future } from "../../domain/forecast.ts";
import { type Grid, gridQueryXyN2 } from "../../domain/grid.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import type { FinerCells } from "../../domain/latent.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";

/** The grid's cells cut into `factor` × `factor` each. */
export function finerGrid(grid: Grid, factor: number): Grid {
  return { ...grid, rows: factor * grid.rows, columns: factor * grid.columns };
}

/**
 * Quantities of `width` numbers a point [N,width] on fine cells [M,width]: a weighted mean of the nine
 * cells around the one that a fine cell lies in, the picture's edge repeated.
 */
export function refined(
  valuesNW: ArrayLike<number>,
  width: number,
  { factor, weights9M }: FinerCells,
  { rows, columns }: Grid,
): Float32Array {
  const [fineRows, fineColumns] = [rows * factor, columns * factor];
  const count = fineRows * fineColumns;
  const out = new Float32Array(width * count);
  for (let m = 0; m < count; m++) {
    const row = Math.floor(m / fineColumns / factor);
    const column = Math.floor((m % fineColumns) / factor);
    for (let k = 0; k < 9; k++) {
      const weight = weights9M[k * count + m];
      if (weight === 0) continue;
      const y = Math.min(rows - 1, Math.max(0, row + Math.floor(k / 3) - 1));
      const x = Math.min(columns - 1, Math.max(0, column + (k % 3) - 1));
      const n = width * (y * columns + x);
      for (let w = 0; w < width; w++) out[width * m + w] += weight * valuesNW[n + w];
    }
  }
  return out;
}

/**
 * A future's trajectories on finer cells: their displacement since "now", refined. `tracks` [T,N,2] of
 * points that lie on `grid` by cell centres at "now". Visible where inside the frame, and where the cell
 * that they lie in is.
 */
export function finerTracks(tracks: Tracks, cells: FinerCells, grid: Grid): Tracks {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  const startN2 = gridQueryXyN2("cell-centre", grid);
  const fine = finerGrid(grid, cells.factor);
  const fineM2 = gridQueryXyN2("cell-centre", fine);
  const count = fineM2.length / 2;
  const coarse = coarsePoints(cells.factor, grid);
  // All frames of a point side by side: its neighbours are then looked up once.
  const width = 2 * frameCount;
  const movedNW = new Float32Array(width * pointCount);
  for (let i = 0; i < tracksTN2.length; i++) {
    const [t, n] = [Math.floor(i / (2 * pointCount)), (i >> 1) % pointCount];
    movedNW[width * n + 2 * t + (i % 2)] = tracksTN2[i] - startN2[2 * n + (i % 2)];
  }
  const movedMW = refined(movedNW, width, cells, grid);
  const out = createTracks(frameCount, count);
  for (let t = 0; t < frameCount; t++) {
    for (let m = 0; m < count; m++) {
      const x = fineM2[2 * m] + movedMW[width * m + 2 * t];
      const y = fineM2[2 * m + 1] + movedMW[width * m + 2 * t + 1];
      const o = t * count + m;
      out.tracksTN2[2 * o] = x;
      out.tracksTN2[2 * o + 1] = y;
      const seen = visibilityTN[t * pointCount + coarse[m]] > 0 && isInsideFrame(x, y, grid);
      out.visibilityTN[o] = seen ? 1 : 0;
    }
  }
  return out;
}

/** A future's trajectories on finer cells: refined as under a still camera, seen by its own. */
export function finerFuture(
  future: Pick<Future, "tracks" | "cameraPathT6">,
  cells: FinerCells,
  grid: Grid,
): Tracks {
  const still = finerTracks(withoutCamera(future), cells, grid);
  return future.cameraPathT6 ? underPath(still, future.cameraPathT6, grid) : still;
}

/** [M,2] videoPx: where the points of finer cells lie at "now". */
export function finerStartM2(grid: Grid, factor: number): Float32Array {
  return gridQueryXyN2("cell-centre", finerGrid(grid, factor));
}

/**
 * A forecast of one picture on cells finer than `grid`, with the tracks there that `fineTracksOf` gives
 * of each future. What really followed and the edits belong to the grid's points and are left out.
 */
export function finerForecast(
  forecast: Forecast,
  grid: Grid,
  factor: number,
  fineTracksOf: (future: Future) => Tracks,
): Forecast {
  const { truth: _, edits: __, textureN: ___, ...rest } = forecast;
  const queryXyN2 = finerStartM2(grid, factor);
  const history = createTracks(1, queryXyN2.length / 2);
  history.tracksTN2.set(queryXyN2);
  history.visibilityTN.fill(1);
  const futures = forecast.futures.map((future) => ({ ...future, tracks: fineTracksOf(future) }));
  return { ...rest, queryXyN2, history, futures };
}

/** [M] the grid's point in whose cell each fine one lies. */
export function coarsePoints(factor: number, { rows, columns }: Grid): Int32Array {
  const fineColumns = columns * factor;
  return Int32Array.from({ length: rows * factor * fineColumns }, (_, m) => {
    const row = Math.floor(m / fineColumns / factor);
    return row * columns + Math.floor((m % fineColumns) / factor);
  });
}
