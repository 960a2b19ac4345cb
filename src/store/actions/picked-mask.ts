import { FormatError } from "../../domain/errors.ts";
import { type Grid, STUDIO_GRID } from "../../domain/grid.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { movesTogether } from "../../engine/edits/together.ts";
import { coarsePoints, finerGrid, finerStartM2 } from "../../engine/exploration/finer.ts";
import { finerCellsOf, onFinerCells } from "../finer.ts";
import { type Studio, selectGeometry } from "../studio.ts";
import { type PickedMotion, pickedMotion } from "./picked.ts";

/** What moves with the picked points, by cells of a grid over the working frame. */
export interface CellMask {
  readonly grid: Grid;
  /** [M] row by row: 1 = inside. */
  readonly insideM: Uint8Array;
}

/**
 * The cells that move as the picked points do in the motion that was clicked: on the finest cells that
 * its future has, else on the grid's.
 * @throws FormatError where nothing is picked.
 */
export function pickedMask(studio: Studio): CellMask {
  const motion = pickedMotion(studio);
  const { selectedPoints } = studio.state.view;
  if (!motion || selectedPoints.length === 0) {
    throw new FormatError(
      "No points are picked",
      "Click on a track with the Select tool (V), then save the mask again.",
    );
  }
  const size = selectGeometry(studio.state);
  const finest = finerCellsOf(studio, motion.future).at(-1);
  const grid = finest ? finerGrid(STUDIO_GRID, finest.factor) : STUDIO_GRID;
  const { history, future } = finest ? onCells(motion, finest) : motion;
  const starts = finest
    ? startsOn(selectedPoints, motion, future.tracks, finest.factor)
    : selectedPoints;
  const insideM = new Uint8Array(grid.rows * grid.columns);
  for (const m of movesTogether(starts, history, future, size)) insideM[m] = 1;
  return { grid, insideM };
}

function onCells({ future }: PickedMotion, cells: Parameters<typeof onFinerCells>[1]) {
  const startM2 = finerStartM2(STUDIO_GRID, cells.factor);
  const history = createTracks(1, startM2.length / 2);
  history.tracksTN2.set(startM2);
  return { history, future: { ...future, tracks: onFinerCells(future, cells) } };
}

/** Of each picked point the fine cell within its own that ends most like it. */
function startsOn(
  points: readonly number[],
  { future }: PickedMotion,
  fine: Tracks,
  factor: number,
): number[] {
  const cellOf = coarsePoints(factor, STUDIO_GRID);
  const own = endsOf(future.tracks);
  const ends = endsOf(fine);
  return points.map((point) => {
    const inside = [...cellOf.keys()].filter((m) => cellOf[m] === point);
    const miss = (m: number) =>
      Math.hypot(ends[2 * m] - own[2 * point], ends[2 * m + 1] - own[2 * point + 1]);
    return inside.reduce((best, m) => (miss(m) < miss(best) ? m : best), inside[0]);
  });
}

function endsOf({ frameCount, pointCount, tracksTN2 }: Tracks): Float32Array {
  return tracksTN2.subarray(2 * pointCount * (frameCount - 1));
}
