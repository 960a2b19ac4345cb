import type { GrayFrame } from "../../domain/clip.ts";

/** Of the small picture that frames are compared by: motion of a few pixels does not show in it. */
const COLUMNS = 26;
const ROWS = 15;
/** Grey levels of one histogram bin. */
const BIN_LEVELS = 8;
const BINS = 256 / BIN_LEVELS;
/** Share of the picture whose grey changes that a cut has at least, with the change of place below. */
const LEAST_HISTOGRAM_SHARE = 0.2;
/** Mean change of the small picture, in grey levels. */
const LEAST_CHANGE = 14;
/** A cut changes more than its neighbours by this factor: a swing of the camera changes many frames. */
const ABOVE_NEIGHBOURS = 2.6;
/** Frames on either side that a change is compared with. */
const NEIGHBOURS = 2;

interface Change {
  /** The frame after the change. */
  readonly index: number;
  readonly levels: number;
  readonly histogramShare: number;
}

/**
 * Finds hard cuts: frames whose picture is another than that before, in place and in grey levels, all
 * at once. Fades are none. Frames are added in the order of time; a gap begins anew.
 */
export class CutFinder {
  private last: { index: number; small: Float32Array; histogram: Float32Array } | null = null;
  private readonly changes: Change[] = [];

  add(luma: GrayFrame, index: number): void {
    const here = { index, ...summary(luma) };
    const { last } = this;
    this.last = here;
    if (!last || index !== last.index + 1 || this.changes.at(-1)?.index === index) return;
    this.changes.push({
      index,
      levels: distance(here.small, last.small) / (COLUMNS * ROWS),
      histogramShare: distance(here.histogram, last.histogram) / 2,
    });
  }

  /** The first frame of each shot but the first, ascending. */
  cuts(): number[] {
    const byIndex = new Map(this.changes.map((change) => [change.index, change.levels]));
    const found = this.changes.filter(({ index, levels, histogramShare }) => {
      if (levels < LEAST_CHANGE || histogramShare < LEAST_HISTOGRAM_SHARE) return false;
      for (let k = 1; k <= NEIGHBOURS; k++) {
        const around = Math.max(byIndex.get(index - k) ?? 0, byIndex.get(index + k) ?? 0);
        if (levels < ABOVE_NEIGHBOURS * around) return false;
      }
      return true;
    });
    return [...new Set(found.map(({ index }) => index))].sort((a, b) => a - b);
  }
}

/** Mean grey of each cell, and the share of the picture in each histogram bin. */
function summary({ size, gray }: GrayFrame) {
  const { width, height } = size;
  const sums = new Int32Array(COLUMNS * ROWS);
  const levels = new Int32Array(256);
  const columnOf = cellsOf(width, COLUMNS);
  const rowOf = cellsOf(height, ROWS);
  const across = sizesOf(columnOf, COLUMNS);
  for (let k = 0; k < rowOf.length; k++) {
    let at = 2 * k * width;
    for (let column = 0; column < COLUMNS; column++) {
      let sum = 0;
      for (const end = at + 2 * across[column]; at < end; at += 2) {
        const level = gray[at];
        sum += level;
        levels[level]++;
      }
      sums[rowOf[k] * COLUMNS + column] += sum;
    }
  }
  const down = sizesOf(rowOf, ROWS);
  const counts = Array.from(sums, (_, cell) => {
    const column = cell % COLUMNS;
    return across[column] * down[(cell - column) / COLUMNS];
  });
  const histogram = new Float32Array(BINS);
  for (const [level, count] of levels.entries()) histogram[Math.floor(level / BIN_LEVELS)] += count;
  const pixels = Math.ceil(width / 2) * Math.ceil(height / 2);
  return {
    small: Float32Array.from(sums, (sum, cell) => sum / Math.max(1, counts[cell])),
    histogram: histogram.map((count) => count / pixels),
  };
}

/** The cell of every second pixel of a line. */
function cellsOf(length: number, count: number): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(length / 2) }, (_, k) =>
    Math.floor((2 * k * count) / length),
  );
}

/** How many of them lie in each cell. */
function sizesOf(cells: Uint8Array, count: number): Int32Array {
  const sizes = new Int32Array(count);
  for (const cell of cells) sizes[cell]++;
  return sizes;
}

function distance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0);
}
