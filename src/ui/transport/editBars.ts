import type { Edit } from "../../domain/edits.ts";

/** [first, last] of an edit, both frames of the horizon. */
export type Frames = readonly [number, number];
/** What a bar is taken hold of by. */
export type BarPart = "whole" | "first" | "last";

/** The frames after a part of their bar was moved by so many, within the horizon; never none. */
export function pulledFrames(
  [first, last]: Frames,
  part: BarPart,
  by: number,
  count: number,
): Frames {
  const within = (frame: number, least: number, most: number) =>
    Math.min(Math.max(Math.round(frame), least), Math.max(least, most));
  if (part === "first") return [within(first + by, 0, last), last];
  if (part === "last") return [first, within(last + by, first, count - 1)];
  const start = within(first + by, 0, count - 1 - (last - first));
  return [start, start + last - first];
}

/** Frames that bars of one row lie apart at least, so that each can be taken hold of. */
const GAP_FRAMES = 3;

/** The row of each edit's bar: the first one with room, in the order of the list. */
export function barRows(edits: readonly Pick<Edit, "frames">[]): number[] {
  const rows: Frames[][] = [];
  return edits.map(({ frames }) => {
    const isFree = (row: readonly Frames[]) =>
      row.every(([a, b]) => frames[0] > b + GAP_FRAMES || frames[1] < a - GAP_FRAMES);
    const found = rows.findIndex(isFree);
    const at = found < 0 ? rows.length : found;
    rows[at] = [...(rows[at] ?? []), frames];
    return at;
  });
}
