import { FormatError } from "../../domain/errors.ts";
import type { NpyArray } from "../containers/npy.ts";
import { splitCells } from "./common/cells.ts";
import { findColumns } from "./common/csv-columns.ts";
import { frameAxis } from "./common/frame-axis.ts";
import type { TextReader } from "./common/reader.ts";
import type { LoadedArrays } from "./common/types.ts";
import { type PointColumns, type WideHeader, wideHeader } from "./common/wide-header.ts";

const MAX_VALUES = 1 << 25;
const WAY_OUT =
  "It needs a row a frame, with columns such as nose.x, nose.y and nose.score for every point.";

/**
 * A table with a row a frame and columns for every point: DeepLabCut's (header rows scorer, individuals,
 * bodyparts, coords), SLEAP's analysis (a row an animal and frame), and others whose columns are named as
 * `nose_x`, `nose.y`, `x1`. A cell without a number is a hidden point.
 */
export const wideTableReader: TextReader = {
  name: "csv",
  endings: [".csv", ".tsv"],
  matchesText: (text) => {
    const { rows } = splitCells(firstLines(text));
    const isLong = findColumns((rows[0] ?? []).map((cell) => cell.trim().toLowerCase())) !== null;
    return !isLong && wideHeader(rows) !== null;
  },
  loadText: loadWideTable,
};

/** So many lines hold every header that is known, and a row to tell where it ends. */
const HEADER_LINES = 6;

function firstLines(text: string): string {
  return text
    .slice(0, 1 << 20)
    .split("\n", HEADER_LINES)
    .join("\n");
}

/** @throws FormatError naming the row. */
function loadWideTable(text: string): LoadedArrays {
  const { rows, decimalComma } = splitCells(text);
  const header = wideHeader(rows);
  if (!header || rows.length <= header.rows) {
    throw new FormatError("The table has no rows", WAY_OUT);
  }
  const body = rows.slice(header.rows);
  const numbers = body.map((cells, i) => frameOf(cells, header, i));
  const names = body.map((cells) => header.animal.map((at) => cells[at]?.trim() ?? "").join(" "));
  refuseTwice(numbers, names, header.rows);
  const animals = [...new Set(names)];
  const { points, scoreName } = header;
  const N = animals.length * points.length;
  const frames = frameAxis(numbers, MAX_VALUES / (3 * N));
  const T = frames.count;
  if (3 * T * N > MAX_VALUES) {
    throw new FormatError(`The table spans ${T} frames and ${N} points`, "Save fewer points.");
  }
  const xy = new Float64Array(2 * T * N).fill(Number.NaN);
  const scores = new Float64Array(T * N);
  for (const [r, cells] of body.entries()) {
    const line = header.rows + r + 1;
    const at = frames.placeOf(numbers[r]) * N + animals.indexOf(names[r]) * points.length;
    for (const [p, columns] of points.entries()) {
      const number = (column: number) => cellNumber(cells, column, line, decimalComma);
      xy[2 * (at + p)] = number(columns.x);
      xy[2 * (at + p) + 1] = number(columns.y);
      if (columns.score !== undefined) scores[at + p] = number(columns.score) || 0;
    }
  }
  const arrays = new Map<string, NpyArray>([
    ["points", { shape: [T, N, 2], dtype: "float64", data: xy }],
  ]);
  if (scoreName) arrays.set(scoreName, { shape: [T, N], dtype: "float64", data: scores });
  const { threshold } = header;
  return {
    container: "csv",
    arrays,
    refused: [],
    hints: {
      looksLike: header.looksLike,
      tracks: "points",
      axes: "TNC",
      units: "px",
      origin: "pixel-centre",
      visibility:
        scoreName && threshold !== undefined
          ? { array: scoreName, meaning: "visible", threshold }
          : null,
      notes: [...notesOf(header, points, animals.length), ...frames.notes],
    },
  };
}

function notesOf(
  { scoreName, threshold }: WideHeader,
  points: readonly PointColumns[],
  animals: number,
): string[] {
  const names = points.map(({ name }) => name).filter(Boolean);
  const told =
    names.length > 0 ? `: ${names.slice(0, 6).join(", ")}${names.length > 6 ? " …" : ""}` : "";
  const many = animals > 1 ? ` of ${animals} tracks` : "";
  const shown =
    !scoreName || threshold === undefined
      ? "A point is hidden where its cells are empty."
      : `A point is visible where its ${scoreName} is above ${threshold}.`;
  return [`A row is a frame, with columns for ${points.length} points${many}${told}.`, shown];
}

/** The number of a frame: of its own column, or the last one in the name of its picture. */
function frameOf(cells: readonly string[], { frame }: WideHeader, row: number): number {
  if (frame.length === 0) return row;
  const cell = (cells[frame[frame.length - 1]] ?? "").trim();
  const number = Number(
    cell !== "" && !Number.isNaN(Number(cell)) ? cell : /(\d+)\D*$/.exec(cell)?.[1],
  );
  return Number.isNaN(number) ? row : number;
}

function cellNumber(
  cells: readonly string[],
  column: number,
  line: number,
  decimalComma: boolean,
): number {
  const cell = (cells[column] ?? "").trim();
  if (cell === "" || /^(?:nan|na|none|null)$/i.test(cell)) return Number.NaN;
  if (/^(?:true|false)$/i.test(cell)) return cell.toLowerCase() === "true" ? 1 : 0;
  const value = Number(decimalComma ? cell.replace(",", ".") : cell);
  if (!Number.isNaN(value)) return value;
  throw new FormatError(
    `Row ${line}, column ${column + 1}: “${cell.slice(0, 40)}” is not a number`,
    WAY_OUT,
  );
}

/** Two rows for the same animal in one frame would hide one another. */
function refuseTwice(frames: readonly number[], animals: readonly string[], above: number): void {
  const seen = new Set<string>();
  for (const [r, frame] of frames.entries()) {
    const key = `${frame} ${animals[r]}`;
    if (!seen.has(key)) {
      seen.add(key);
      continue;
    }
    throw new FormatError(
      `Row ${above + r + 1} is the second one of frame ${frame}`,
      "Where a frame has several rows, a column (track, individual) has to tell them apart.",
    );
  }
}
