import { FormatError } from "../../../domain/errors.ts";
import type { NpyArray } from "../../containers/npy.ts";

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

/**
 * Rows to `name` [T,N,2] and its flags [T,N], `name visible` or `name occluded`. Frames and points keep
 * their ascending order; a row that is missing is NaN, which imports as hidden.
 * @throws FormatError where the table spans too much.
 */
export function tableArrays(
  name: string,
  rows: readonly TableRow[],
  meaning: "visible" | "occluded",
): [string, NpyArray][] {
  const frames = ordinals(rows.map((row) => row.frame));
  const points = ordinals(rows.map((row) => row.point));
  const [T, N] = [frames.size, points.size];
  if (T * N > MAX_CELLS) {
    throw new FormatError(`The table spans ${T} frames and ${N} points`, "Save fewer points.");
  }
  const data = new Float64Array(T * N * 2).fill(Number.NaN);
  const flags = new Uint8Array(T * N).fill(meaning === "occluded" ? 1 : 0);
  for (const { frame, point, x, y, flag } of rows) {
    const i = (frames.get(frame) ?? 0) * N + (points.get(point) ?? 0);
    data[2 * i] = x;
    data[2 * i + 1] = y;
    flags[i] = flag > 0.5 ? 1 : 0;
  }
  return [
    [name, { shape: [T, N, 2], dtype: "float64", data }],
    [`${name} ${meaning}`, { shape: [T, N], dtype: "bool", data: flags }],
  ];
}

/** Each value once, ascending, with its place. */
function ordinals(values: readonly number[]): Map<number, number> {
  const ascending = [...new Set(values)].sort((a, b) => a - b);
  return new Map(ascending.map((value, place) => [value, place]));
}
