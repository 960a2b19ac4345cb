import papaparse from "papaparse";
import { FormatError } from "../../domain/errors.ts";
import type { NpyArray } from "../containers/npy.ts";
import { parseJsonText } from "../containers/safe-json.ts";
import { isDocumentJson } from "../document/document.ts";
import { isOneTrack, isTrackList, loadCoordinates } from "./common/json-coordinates.ts";
import { loadDocument } from "./common/json-document.ts";
import { JSON_WAY_OUT, nestedArray } from "./common/json-nested.ts";
import type { TextReader } from "./common/reader.ts";
import type { LoadedArrays } from "./common/types.ts";
import { isTrackTable, loadCsv } from "./csv.ts";

const MAX_ARRAYS = 64;

/**
 * JSON of tracks: our own document, ComfyUI's bare array of {"x","y"} (also of one track, as text in
 * text, or as a list of such texts, as nodes hand them on), nested number arrays, or an object of those;
 * a list, or a line each, of objects that name frame, point, x and y.
 * Python's NaN and Infinity, which JSON does not have, count as positions that are not numbers.
 */
export const jsonReader: TextReader = {
  name: "json",
  endings: [".json", ".jsonl"],
  matchesText: (text) => /^\s*(?:[[{]|"\s*[[{])/.test(text.slice(0, 200)),
  loadText: (text) => loadJson(unwrapped(parseJsonText(withoutNaN(asOneText(text))))),
};

/** JSON Lines, an object a line, as the list of them. */
function asOneText(text: string): string {
  if (!/^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)) return text;
  return `[${text
    .trim()
    .split(/\s*\n\s*/)
    .join(",")}]`;
}

/** @throws FormatError */
function loadJson(value: unknown): LoadedArrays {
  if (isDocumentJson(value)) return loadDocument(value);
  if (isRecords(value)) return loadRecords(value);
  if (isOneTrack(value)) return loadCoordinates([value]);
  if (isTrackList(value)) return loadCoordinates(value);
  if (Array.isArray(value)) {
    if (typeof value[0] === "object" && value[0] !== null && "points" in value[0]) {
      throw new FormatError(
        "These are editable splines without timing, not tracks",
        "Bring the node's coordinates output instead.",
      );
    }
    return plain(new Map([["tracks", nestedArray(value, "tracks")]]));
  }
  if (typeof value === "object" && value !== null) {
    const arrays = new Map<string, NpyArray>();
    const tracks = Object.entries(value).find(([, item]) => isTrackList(item));
    if (tracks)
      return withSize(withVisibility(loadCoordinates(tracks[1]), value, tracks[0]), value);
    for (const [key, item] of Object.entries(value)) {
      if (Array.isArray(item) && item.length > 0) {
        arrays.set(key.slice(0, 100), nestedArray(item, key));
      }
      if (arrays.size > MAX_ARRAYS) {
        throw new FormatError(`The JSON holds more than ${MAX_ARRAYS} arrays`, JSON_WAY_OUT);
      }
    }
    if (arrays.size > 0) return plain(arrays);
  }
  throw new FormatError("The JSON holds no tracks", JSON_WAY_OUT);
}

/** A row an object, which names its frame and its point: as tables are written as JSON. */
function isRecords(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  const [first] = Array.isArray(value) ? value : [];
  if (typeof first !== "object" || first === null || Array.isArray(first)) return false;
  return isTrackTable(Object.keys(first).map((key) => key.toLowerCase()));
}

function loadRecords(rows: readonly Readonly<Record<string, unknown>>[]): LoadedArrays {
  const columns = new Set<string>();
  for (const [i, row] of rows.entries()) {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      throw new FormatError(`Row ${i} is no object like the first`, JSON_WAY_OUT);
    }
    for (const key of Object.keys(row)) columns.add(key);
  }
  // Flags that stand only where they differ from the usual.
  const flags = [...columns].filter((key) => VISIBLE.test(key) || HIDDEN.test(key));
  const usual = Object.fromEntries(flags.map((key) => [key, VISIBLE.test(key) ? 1 : 0]));
  const whole = rows.map((row) => ({ ...usual, ...row }));
  const table = loadCsv(papaparse.unparse(whole, { columns: [...columns] }));
  return {
    ...table,
    container: "json",
    hints: { ...table.hints, looksLike: "a table of tracks (JSON)" },
  };
}

const VISIBLE = /^(?:visib|shown)/i;
const HIDDEN = /^(?:occlu|hidden)/i;

/** With visibility [N,T] that stands beside the tracks, and word of what else is left out. */
function withVisibility(loaded: LoadedArrays, beside: object, tracks: string): LoadedArrays {
  const lists = Object.entries(beside).filter(
    ([key, item]) => key !== tracks && Array.isArray(item) && item.length > 0,
  );
  const flags = lists.find(([key]) => VISIBLE.test(key) || HIDDEN.test(key));
  const others = lists.filter((list) => list !== flags).map(([key]) => key.slice(0, 40));
  const notes = [
    ...(loaded.hints.notes ?? []),
    ...(others.length > 0 ? [`Only “${tracks}” is read; left out: ${others.join(", ")}.`] : []),
  ];
  const hints = { ...loaded.hints, ...(notes.length > 0 ? { notes } : {}) };
  if (!flags) return { ...loaded, hints };
  const [key, item] = flags;
  const given = nestedArray(item as readonly unknown[], key);
  const shown = loaded.arrays.get("shown");
  if (!shown || given.shape.join() !== shown.shape.join()) {
    throw new FormatError(
      `“${key}” is ${given.shape.join("×")}, its tracks ${shown?.shape.join("×")}`,
      JSON_WAY_OUT,
    );
  }
  const data = Uint8Array.from(
    given.data as ArrayLike<number>,
    (flag, i) => Number(shown.data[i]) && Number(VISIBLE.test(key) ? flag > 0.5 : flag <= 0.5),
  );
  return { ...loaded, hints, arrays: new Map(loaded.arrays).set("shown", { ...shown, data }) };
}

/** With the size of the picture where it stands beside the tracks, as in an .npz. */
function withSize(loaded: LoadedArrays, beside: object): LoadedArrays {
  const arrays = new Map(loaded.arrays);
  for (const [key, number] of Object.entries(beside)) {
    if (!/^(width|height)$/i.test(key) || typeof number !== "number") continue;
    arrays.set(key.toLowerCase(), {
      ...{ shape: [], dtype: "float64" },
      data: Float64Array.of(number),
    });
  }
  return { ...loaded, arrays };
}

function plain(arrays: Map<string, NpyArray>): LoadedArrays {
  return { container: "json", arrays, refused: [], hints: {} };
}

/** Text in JSON that is JSON itself, and lists of it; a list of single tracks is a list of tracks. */
function unwrapped(value: unknown): unknown {
  if (typeof value === "string") return parseJsonText(withoutNaN(value));
  if (!Array.isArray(value) || value.length === 0) return value;
  if (!value.every((item) => typeof item === "string")) return value;
  const items = value.map((item: string) => parseJsonText(withoutNaN(item)));
  return items.flatMap((item) => (isTrackList(item) ? item : [item]));
}

/** Bare NaN, Infinity and -Infinity become null; what stands inside quotes stays. */
function withoutNaN(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : "null",
  );
}
