import { FormatError } from "../../domain/errors.ts";
import { splitCells } from "./common/cells.ts";
import { type Columns, findColumns, TRACKMATE, tableOf } from "./common/csv-columns.ts";
import type { TextReader } from "./common/reader.ts";
import { type TableRow, tableArrays } from "./common/table.ts";
import type { LoadedArrays } from "./common/types.ts";

const MAX_ROWS = 4_000_000;
const MAX_SETS = 64;
const WAY_OUT =
  "It needs a header row with columns frame, point, x, y and, where known, visible or occluded.";

/**
 * A table of frame, point, x, y, one row each; comma, semicolon or tab between cells, quoted or not,
 * and a decimal comma where commas do not part cells. One pair of arrays for each layer and future.
 */
export const csvReader: TextReader = {
  name: "csv",
  endings: [".csv", ".tsv"],
  matchesText: () => true,
  loadText: loadCsv,
};

/** Whether these columns, in small letters, make a table of tracks. */
export function isTrackTable(header: readonly string[]): boolean {
  return findColumns(header) !== null;
}

/** @throws FormatError naming the row. */
export function loadCsv(text: string): LoadedArrays {
  const { header, rows, decimalComma } = split(text);
  const columns = findColumns(header);
  if (!columns) throw new FormatError("The text file is not a table of tracks", WAY_OUT);
  const read = rowReader(header, columns, decimalComma);
  const tool = tableOf(header);
  const first = tool === TRACKMATE ? rows.findIndex((cells) => isNumber(cells[columns.frame])) : 0;
  const sets = new Map<string, TableRow[]>();
  for (let r = first < 0 ? rows.length : first; r < rows.length; r++) {
    const row = read(rows[r], r + 2);
    if (!row) continue;
    const parts = [columns.layer, columns.future].map((at) => (at < 0 ? "" : rows[r][at].trim()));
    const name = parts.filter(Boolean).join(" ") || "tracks";
    const set = sets.get(name);
    if (set) set.push(row);
    else sets.set(name, [row]);
  }
  if (sets.size === 0) throw new FormatError("The table has no rows", WAY_OUT);
  if (sets.size > MAX_SETS) {
    throw new FormatError(`The table holds more than ${MAX_SETS} sets of tracks`, WAY_OUT);
  }
  const meaning = columns.visible < 0 ? ("occluded" as const) : ("visible" as const);
  const flagged = Math.max(columns.visible, columns.occluded) >= 0;
  const tables = [...sets].map(([name, set]) =>
    tableArrays(name, set, flagged ? meaning : "visible"),
  );
  const [tracks] = sets.keys();
  return {
    container: "csv",
    arrays: new Map(tables.flatMap((table) => table.arrays)),
    refused: [],
    hints: {
      looksLike: tool ?? "a table of tracks (CSV)",
      tracks,
      axes: "TNC",
      origin: "pixel-centre",
      visibility: flagged ? { array: `${tracks} ${meaning}`, meaning, threshold: 0.5 } : null,
      notes: tables[0].notes,
      ...rateOf(sets.values().next().value ?? []),
    },
  };
}

function split(text: string) {
  const { rows: data, decimalComma } = splitCells(text);
  if (data.length > MAX_ROWS) {
    throw new FormatError("The CSV has too many rows", "Save fewer points.");
  }
  const [names = [], ...rows] = data;
  const header = names.map((cell) => cell.trim().toLowerCase());
  // R's write.table names no column for the row numbers that it puts first.
  if (rows.length > 0 && rows.every((cells) => cells.length === header.length + 1)) {
    header.unshift("");
  }
  return { header, rows, decimalComma };
}

function rowReader(header: readonly string[], columns: Columns, decimalComma: boolean) {
  const flagAt = Math.max(columns.visible, columns.occluded);
  const clock = /^(?:t|time)$/;
  const names = new Map<string, number>();
  /** Numbers are themselves; points with names come in the order of the file. */
  const pointOf = (cell: string, line: number): number => {
    if (cell === "" || /^nan?$/i.test(cell))
      throw new FormatError(`Row ${line} names no point`, WAY_OUT);
    const number = Number(decimalComma ? cell.replace(",", ".") : cell);
    if (cell !== "" && Number.isFinite(number)) return number;
    const known = names.get(cell) ?? names.size;
    names.set(cell, known);
    return known;
  };
  return (cells: readonly string[], line: number): TableRow | null => {
    if (cells.length !== header.length) {
      throw new FormatError(
        `Row ${line} has ${cells.length} columns, the header ${header.length}`,
        WAY_OUT,
      );
    }
    // Spots that belong to no track.
    if (/^none$/i.test(cells[columns.point].trim())) return null;
    const number = (at: number) => parseCell(cells[at], line, header[at], decimalComma);
    return {
      frame: frameOf(number(columns.frame), line, clock.test(header[columns.frame])),
      point: pointOf(cells[columns.point].trim(), line),
      x: number(columns.x),
      y: number(columns.y),
      flag: flagAt < 0 ? 1 : number(flagAt),
    };
  };
}

/** The rate of a table that tells seconds in even steps. */
function rateOf(rows: readonly TableRow[]): { fps?: number } {
  const times = [...new Set(rows.map((row) => row.frame))].sort((a, b) => a - b);
  if (times.length < 2 || times.every(Number.isInteger)) return {};
  const step = (times[times.length - 1] - times[0]) / (times.length - 1);
  const isEven = times.every((time, i) => Math.abs(time - times[0] - i * step) < 0.1 * step);
  return isEven ? { fps: Math.round(1e3 / step) / 1e3 } : {};
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== "" && !Number.isNaN(Number(cell.replace(",", ".")));
}

function parseCell(cell: string, line: number, name: string, decimalComma: boolean): number {
  const text = cell.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true" ? 1 : 0;
  if (text === "" || /^(nan|na)$/i.test(text)) return Number.NaN;
  const value = Number(decimalComma ? text.replace(",", ".") : text);
  if (!Number.isNaN(value)) return value;
  throw new FormatError(
    `Row ${line}, column ${name}: “${text.slice(0, 40)}” is not a number`,
    WAY_OUT,
  );
}

/** A number of a frame, or its time in seconds where the column is a clock. */
function frameOf(value: number, line: number, isClock: boolean): number {
  if (isClock ? Number.isFinite(value) : Number.isSafeInteger(value)) return value;
  throw new FormatError(`Row ${line}: the frame must be a whole number`, WAY_OUT);
}
