import { readCurve, readTcl, type TclList } from "./tcl.ts";

/**
 * Small readers of the programs' grammars, written apart from the writers: each gives a point's keys by
 * frame, in pixels of the picture from its left and top edge.
 */
export type ReadPoint = Map<number, readonly [number, number]>;

interface Picture {
  readonly width: number;
  readonly height: number;
}

/** A Tracker4's table: the columns' names, then a row a track (Nuke 12 and later). */
export function readNuke(text: string, { height }: Picture): Map<string, ReadPoint> {
  const script = readTcl(text);
  const node = script[script.indexOf("Tracker4") + 1] as TclList;
  const [[, columnCount, trackCount], columns, rows] = node[
    node.indexOf("tracks") + 1
  ] as TclList[];
  const names = columns.map((column) => String(column[3]));
  if (names.length !== Number(columnCount)) throw new Error("columns are missing");
  if (rows.length !== Number(trackCount)) throw new Error("tracks are missing");
  return new Map(
    rows.map((row) => {
      if (row.length !== names.length) throw new Error(`a row has ${row.length} fields`);
      const field = (name: string) => row[names.indexOf(name)] as TclList;
      const enabled = [...readCurve(field("enable"))];
      const isOn = (frame: number) => enabled.filter(([at]) => at <= frame).at(-1)?.[1] === 1;
      const y = readCurve(field("track_y"));
      const keys = [...readCurve(field("track_x"))].filter(([frame]) => isOn(frame));
      const point: ReadPoint = new Map(
        keys.map(([frame, x]) => [frame, [x, height - (y.get(frame) ?? Number.NaN)] as const]),
      );
      return [String(row[names.indexOf("name")]), point];
    }),
  );
}

/** Keyframe text: a header, then a property a block: its path, its columns, rows that begin with a tab. */
export function readAfterEffects(text: string): {
  readonly header: Map<string, number>;
  readonly properties: Map<string, ReadPoint>;
} {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== "Adobe After Effects 8.0 Keyframe Data") throw new Error("no keyframe data");
  if (!lines.includes("End of Keyframe Data")) throw new Error("it does not end");
  const header = new Map<string, number>();
  const properties = new Map<string, ReadPoint>();
  let current: ReadPoint | undefined;
  for (const line of lines.slice(1, lines.indexOf("End of Keyframe Data"))) {
    if (line.trim() === "") continue;
    const cells = line.split("\t");
    if (cells[0] !== "") {
      current = new Map();
      properties.set(line, current);
    } else if (!current) header.set(cells[1], Number(cells[2]));
    else if (cells[1] !== "Frame") {
      current.set(Number(cells[1]), [Number(cells[2]), Number(cells[3])]);
    }
  }
  return { header, properties };
}

/** 3DEqualizer4: y upwards (tracksperanto 4, import/equalizer4.rb). */
export function read3de(text: string, { height }: Picture): Map<string, ReadPoint> {
  const lines = text.split("\n");
  let at = 0;
  const next = () => lines[at++] ?? "";
  const points = new Map<string, ReadPoint>();
  for (let left = Number(next()); left > 0; left--) {
    const name = next();
    if (!/^\d$/.test(next())) throw new Error("no colour");
    const point: ReadPoint = new Map();
    for (let keys = Number(next()); keys > 0; keys--) {
      const match = /^(\d+)\s([-\d.]+)\s([-\d.]+)$/.exec(next());
      if (!match) throw new Error("no key");
      point.set(Number(match[1]), [Number(match[2]), height - Number(match[3])]);
    }
    points.set(name, point);
  }
  return points;
}

/** SynthEyes: −1 at the left and top edge, 1 at the others (tracksperanto 4, import/syntheyes.rb). */
export function readSynthEyes(text: string, { width, height }: Picture): Map<string, ReadPoint> {
  const points = new Map<string, ReadPoint>();
  for (const line of text.trimEnd().split("\n")) {
    const [name, frame, u, v, outcome] = line.split(" ");
    if (!["7", "15", "30"].includes(outcome)) throw new Error(`outcome ${outcome}`);
    const point = points.get(name) ?? new Map();
    point.set(Number(frame), [(width * (Number(u) + 1)) / 2, (height * (Number(v) + 1)) / 2]);
    points.set(name, point);
  }
  return points;
}
