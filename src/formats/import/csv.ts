import { FormatError } from "../../domain/errors.ts";
import type { NpyArray } from "../containers/npy.ts";
import type { LoadedArrays } from "./common/types.ts";

const MAX_ROWS = 4_000_000;
const MAX_CELLS = 1 << 24;
const WAY_OUT =
  "It needs a header row with columns frame, point, x, y and, where known, visible or occluded.";

const COLUMN_NAMES: Record<string, readonly string[]> = {
  frame: ["frame", "t", "frame_index", "frame_id", "time"],
  point: ["point", "id", "track", "track_id", "point_id", "n"],
  x: ["x", "px_x", "u"],
  y: ["y", "px_y", "v"],
  visible: ["visible", "visibility", "vis"],
  occluded: ["occluded", "occlusion", "occ"],
  layer: ["layer"],
  future: ["future"],
};

/**
 * Rows of frame, point, x, y to arrays [T,N,2] and [T,N], one pair for each layer and future in the
 * file. Points and frames keep their ascending order; a missing row becomes NaN, which imports as
 * hidden.
 * @throws FormatError naming the row.
 */
export function loadCsv(text: string): LoadedArrays {
  const rows = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  while (rows.length > 0 && rows[rows.length - 1].trim() === "") rows.pop();
  if (rows.length > MAX_ROWS)
    throw new FormatError("The CSV has too many rows", "Save fewer points.");
  const separator = rows[0]?.includes(";") ? ";" : rows[0]?.includes("\t") ? "\t" : ",";
  const header = (rows[0] ?? "").split(separator).map((cell) => cell.trim().toLowerCase());
  const column = (name: string) => header.findIndex((cell) => COLUMN_NAMES[name].includes(cell));
  const at = { frame: column("frame"), point: column("point"), x: column("x"), y: column("y") };
  if (Math.min(...Object.values(at)) < 0) {
    throw new FormatError("The text file is not a table of tracks", WAY_OUT);
  }
  const flag = { visible: column("visible"), occluded: column("occluded") };
  const flagAt = Math.max(flag.visible, flag.occluded);
  const group = [column("layer"), column("future")];
  const groups = new Map<string, number[][]>();
  for (let r = 1; r < rows.length; r++) {
    const cells = rows[r].split(separator);
    if (cells.length !== header.length) {
      throw new FormatError(
        `Row ${r + 1} has ${cells.length} columns, the header ${header.length}`,
        WAY_OUT,
      );
    }
    const number = (index: number) => parseCell(cells[index], r, header[index]);
    const name = group.map((index) => (index < 0 ? "" : cells[index].trim())).filter(Boolean);
    const key = name.join(" ") || "tracks";
    const list = groups.get(key) ?? [];
    groups.set(key, list);
    const shown = flagAt < 0 ? 1 : number(flagAt);
    list.push([
      whole(number(at.frame), r),
      whole(number(at.point), r),
      number(at.x),
      number(at.y),
      shown,
    ]);
  }
  if (groups.size === 0) throw new FormatError("The table has no rows", WAY_OUT);
  if (groups.size > 64)
    throw new FormatError("The table holds more than 64 sets of tracks", WAY_OUT);
  const arrays = new Map<string, NpyArray>();
  for (const [key, list] of groups) addArrays(arrays, key, list, flag.visible < 0);
  const first = [...groups.keys()][0];
  const meaning = flag.visible < 0 ? ("occluded" as const) : ("visible" as const);
  return {
    container: "csv",
    arrays,
    refused: [],
    hints: {
      looksLike: "a table of tracks (CSV)",
      tracks: first,
      axes: "TNC",
      origin: "pixel-centre",
      visibility: flagAt < 0 ? null : { array: `${first} ${meaning}`, meaning, threshold: 0.5 },
    },
  };
}

function parseCell(cell: string, row: number, name: string): number {
  const text = cell.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true" ? 1 : 0;
  if (text === "" || /^nan$/i.test(text)) return Number.NaN;
  const value = Number(text);
  if (Number.isNaN(value)) {
    throw new FormatError(
      `Row ${row + 1}, column ${name}: “${text.slice(0, 40)}” is not a number`,
      WAY_OUT,
    );
  }
  return value;
}

function whole(value: number, row: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new FormatError(`Row ${row + 1}: frame and point must be whole numbers`, WAY_OUT);
}

function addArrays(
  arrays: Map<string, NpyArray>,
  key: string,
  rows: readonly number[][],
  occluded: boolean,
): void {
  const ordinals = (column: number) =>
    new Map(
      [...new Set(rows.map((row) => row[column]))].sort((a, b) => a - b).map((id, i) => [id, i]),
    );
  const frames = ordinals(0);
  const points = ordinals(1);
  const [T, N] = [frames.size, points.size];
  if (T * N > MAX_CELLS) {
    throw new FormatError(`The table spans ${T} frames and ${N} points`, "Save fewer points.");
  }
  const xy = new Float64Array(T * N * 2).fill(Number.NaN);
  const flags = new Uint8Array(T * N).fill(occluded ? 1 : 0);
  for (const [frame, point, x, y, flag] of rows) {
    const i = (frames.get(frame) ?? 0) * N + (points.get(point) ?? 0);
    xy[2 * i] = x;
    xy[2 * i + 1] = y;
    flags[i] = flag > 0.5 ? 1 : 0;
  }
  arrays.set(key, { shape: [T, N, 2], dtype: "float64", data: xy });
  arrays.set(`${key} ${occluded ? "occluded" : "visible"}`, {
    shape: [T, N],
    dtype: "bool",
    data: flags,
  });
}
