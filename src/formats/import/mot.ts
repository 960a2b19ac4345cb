import { FormatError } from "../../domain/errors.ts";
import type { TextReader } from "./common/reader.ts";
import { type TableRow, tableArrays } from "./common/table.ts";

const MAX_ROWS = 4_000_000;
/** Columns of ground truth: …, flag, class, visibility. */
const TRUTH_COLUMNS = 9;

/** As tools name the columns that the challenge leaves unnamed. */
const HEADER =
  /^"?frame\w*"?,\s*"?(?:track_?)?id"?,\s*"?(?:bb(?:ox)?_?)?(?:left|x)"?,\s*"?(?:bb(?:ox)?_?)?(?:top|y)"?,\s*"?(?:bb(?:ox)?_?)?w(?:idth)?"?,\s*"?(?:bb(?:ox)?_?)?h(?:eight)?"?(?:,|$)/i;

/**
 * MOT-challenge text: frame, id, left, top, width, height, … mostly without a header, commas or spaces between,
 * frames and pixels counted from 1. The track of a box is its centre. Ground truth (9 columns) says in
 * its last column how much of the box is seen.
 */
export const motReader: TextReader = {
  name: "MOT text",
  endings: [".txt"],
  matchesText: (text) => {
    const [line] = text.replace(/^\uFEFF/, "").split("\n", 1);
    const cells = numbers(line);
    if (HEADER.test(line.trim())) return true;
    return cells.length >= 6 && cells.length <= 10 && cells.every(Number.isFinite);
  },
  loadText: (text) => {
    const lines = text
      .replace(/^\uFEFF/, "")
      .trimEnd()
      .split("\n");
    if (HEADER.test(lines[0].trim())) lines.shift();
    if (lines.length > MAX_ROWS) {
      throw new FormatError("The text has too many rows", "Save fewer boxes.");
    }
    const table = tableArrays("box centres", lines.map(boxCentre), "visible");
    return {
      container: "MOT text",
      arrays: new Map(table.arrays),
      refused: [],
      hints: {
        looksLike: "MOT challenge boxes",
        tracks: "box centres",
        axes: "TNC",
        units: "px",
        origin: "pixel-edge",
        visibility: { array: "box centres visible", meaning: "visible", threshold: 0.5 },
        notes: [
          "A box’s track is its centre; the first frame of the file is its lowest number.",
          ...table.notes,
        ],
      },
    };
  },
};

function numbers(line: string): number[] {
  return line
    .trim()
    .split(/\s*,\s*|\s+/)
    .map((cell) => (cell === "" ? Number.NaN : Number(cell)));
}

function boxCentre(line: string, index: number): TableRow {
  const cells = numbers(line);
  const [frame, point, left, top, width, height] = cells;
  if (
    ![frame, point].every(Number.isSafeInteger) ||
    ![left, top, width, height].every(Number.isFinite)
  ) {
    throw new FormatError(
      `Row ${index + 1} is not a box: frame, id, left, top, width, height`,
      "Bring the tracker's result or ground truth as the MOT challenge writes it.",
    );
  }
  return {
    frame,
    point,
    x: left - 1 + width / 2,
    y: top - 1 + height / 2,
    flag: cells.length === TRUTH_COLUMNS && cells[8] <= 0 ? 0 : 1,
  };
}
