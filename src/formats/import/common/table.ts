import { FormatError } from "../../../domain/errors.ts";
import type { NpyArray } from "../../containers/npy.ts";
import { frameAxis } from "./frame-axis.ts";

const MAX_CELLS = 1 << 24;

/** One point in one frame of a table. */
export interface TableRow {
  readonly frame: number;
  readonly point: number;
  readonly x: number;
  readonly y: number;
  /** What the table's flag says; 1 where it has none. */
  readonly flag: number;
}

/** Named arrays, and what was taken for granted on the way. */
export interface TableArrays {
  readonly arrays: readonly (readonly [string, NpyArray])[];
  readonly notes: readonly string[];
}

/**
 * Rows to `name` [T,N,2] and its flags [T,N], `name visible` or `name occluded`. Frames lie where their
 * numbers say, points keep their ascending order; a row that is missing is NaN, which imports as hidden.
 * @throws FormatError where the table spans too much.
 */
export function tableArrays(
  name: string,
  rows: readonly TableRow[],
  meaning: "visible" | "occluded",
): TableArrays {
  const points = ordinals(rows.map((row) => row.point));
  const N = points.size;
  const frames = frameAxis(
    rows.map((row) => row.frame),
    MAX_CELLS / N,
  );
  const T = frames.count;
  if (T * N > MAX_CELLS) {
    throw new FormatError(`The table spans ${T} frames and ${N} points`, "Save fewer points.");
  }
  const data = new Float64Array(T * N * 2).fill(Number.NaN);
  const flags = new Uint8Array(T * N).fill(meaning === "occluded" ? 1 : 0);
  for (const { frame, point, x, y, flag } of rows) {
    const i = frames.placeOf(frame) * N + (points.get(point) ?? 0);
    data[2 * i] = x;
    data[2 * i + 1] = y;
    flags[i] = flag > 0.5 ? 1 : 0;
  }
  return {
    arrays: [
      [name, { shape: [T, N, 2], dtype: "float64", data }],
      [`${name} ${meaning}`, { shape: [T, N], dtype: "bool", data: flags }],
    ],
    notes: frames.notes,
  };
}

/** Each value once, ascending, with its place. */
function ordinals(values: readonly number[]): Map<number, number> {
  const ascending = [...new Set(values)].sort((a, b) => a - b);
  return new Map(ascending.map((value, place) => [value, place]));
}
