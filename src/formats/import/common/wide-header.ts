/** Where the numbers of one point stand in a row. */
export interface PointColumns {
  /** Empty where the columns have none. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly score?: number;
}

/** How the header of a table with a row a frame is read. */
export interface WideHeader {
  readonly looksLike: string;
  /** Rows above the numbers. */
  readonly rows: number;
  /** Columns that name the frame, the last of which holds its number; none = the row counts. */
  readonly frame: readonly number[];
  /** Columns that tell several animals of one frame apart. */
  readonly animal: readonly number[];
  readonly points: readonly PointColumns[];
  readonly scoreName?: string;
  /** A score above this is a point that is seen; absent where the file leaves hidden points empty. */
  readonly threshold?: number;
}

/** DeepLabCut's own `pcutoff`, below which it does not draw a point. */
const LIKELY = 0.6;

type Cells = readonly (readonly string[])[];

/** Null where the first rows are no such header. */
export function wideHeader(rows: Cells): WideHeader | null {
  return deepLabCut(rows) ?? namedPairs(rows);
}

/** Rows scorer, (individuals,) bodyparts and coords above x, y and likelihood of every body part. */
function deepLabCut(rows: Cells): WideHeader | null {
  const first = (row: number) => rows[row]?.[0]?.trim().toLowerCase() ?? "";
  const coordsAt = [1, 2, 3].find((row) => first(row) === "coords");
  const partsAt = [0, 1, 2].find((row) => first(row) === "bodyparts");
  if (coordsAt === undefined || partsAt === undefined) return null;
  const coords = rows[coordsAt].map((cell) => cell.trim().toLowerCase());
  const levels = rows.slice(0, coordsAt).filter((_, row) => first(row) !== "scorer");
  const columns = coords.map((part, at) => ({
    ...{ part, at },
    name: levels
      .map((level) => level[at]?.trim() ?? "")
      .filter((word) => word && word !== "single")
      .join(" "),
  }));
  const places = new Map<string, { x?: number; y?: number; score?: number }>();
  for (const { part, at, name } of columns) {
    if (!/^(?:x|y|likelihood)$/.test(part)) continue;
    const key = part === "likelihood" ? "score" : part;
    places.set(name, { ...places.get(name), [key]: at });
  }
  const points = whole(places);
  // Labelled pictures are named by up to three columns in front of the numbers.
  const labels = Math.max(1, coords.indexOf("x"));
  const scored = points.some(({ score }) => score !== undefined);
  if (points.length === 0) return null;
  return {
    looksLike: "DeepLabCut",
    rows: coordsAt + 1,
    frame: Array.from({ length: labels }, (_, at) => at),
    animal: [],
    points,
    ...(scored ? { scoreName: "likelihood", threshold: LIKELY } : {}),
  };
}

const FRAME = /^(?:frame|frame[_ ]?(?:idx|index|id|number|no)|fnum|image|img|t|time|index|)$/i;
const ANIMAL = /^(?:track|track[_ ]?id|individual|animal|instance)$/i;
const SCORE = /^(?:score|likelihood|confidence|conf|prob|p)$/i;

/** Columns `nose.x` and `nose.y`, `x_nose` and `y_nose`, `x1` and `y1`: one pair a point. */
function namedPairs(rows: Cells): WideHeader | null {
  const header = rows[0]?.map((cell) => cell.trim()) ?? [];
  const places = new Map<string, { x?: number; y?: number; score?: number }>();
  for (const [at, cell] of header.entries()) {
    const found = axisOf(cell);
    if (found) places.set(found.name, { ...places.get(found.name), [found.part]: at });
  }
  const points = whole(places);
  if (points.length === 0) return null;
  const all = [...header.keys()];
  const frame = all.filter((at) => FRAME.test(header[at]));
  const animal = all.filter((at) => ANIMAL.test(header[at]));
  const isSleap = animal.length > 0 && header.some((cell) => /^instance\.score$/i.test(cell));
  const scored = points.find(({ score }) => score !== undefined)?.score;
  const scoreName = scored === undefined ? undefined : axisOf(header[scored])?.word;
  return {
    looksLike: isSleap ? "SLEAP analysis" : "a table with a row a frame (CSV)",
    rows: 1,
    frame: frame.slice(0, 1),
    animal,
    points,
    ...(scoreName ? { scoreName } : {}),
    ...(scoreName === "likelihood" ? { threshold: LIKELY } : {}),
  };
}

/** The axis or score that a column's name ends or begins with, and the point that the rest names. */
function axisOf(cell: string) {
  const after = /^(.+?)(?:[._\-: ]+)([a-z]+)$/i.exec(cell);
  const before = /^([a-z]+?)(?:[._\-: ]*)(\d+|[._\-: ].+)$/i.exec(cell);
  for (const [match, name, word] of [
    [after, after?.[1], after?.[2]],
    [before, before?.[2]?.replace(/^[._\-: ]+/, ""), before?.[1]],
  ] as const) {
    if (!match || name === undefined || word === undefined) continue;
    const small = word.toLowerCase();
    if (small === "x" || small === "y") return { name, part: small, word: small } as const;
    if (SCORE.test(small)) return { name, part: "score", word: small } as const;
  }
  return null;
}

function whole(
  places: ReadonlyMap<
    string,
    { readonly x?: number; readonly y?: number; readonly score?: number }
  >,
): PointColumns[] {
  return [...places].flatMap(([name, { x, y, score }]) =>
    x === undefined || y === undefined
      ? []
      : [{ name, x, y, ...(score === undefined ? {} : { score }) }],
  );
}
