import type { ChoiceOption } from "./options.ts";
import { edgePoints } from "./pixel-edge.ts";
import type { PreparedTracks } from "./prepared.ts";

/** A point in one frame that shows it: edge px, y down. */
export interface Key {
  /** Frame of the file, from 0. */
  readonly frame: number;
  readonly x: number;
  readonly y: number;
}

/** A point as compositors keep it: keys where it is seen and none where it is not. */
export interface KeyedPoint {
  readonly id: number;
  /** In order of time, at least one. */
  readonly keys: readonly Key[];
}

/** The points that are seen in any frame; the others have nothing to key (`unseenNotices`). */
export function keyedPoints(prepared: PreparedTracks): KeyedPoint[] {
  return edgePoints(prepared).flatMap((track, n) => {
    const keys = track.flatMap((point, frame) => (point ? [{ frame, ...point }] : []));
    return keys.length > 0 ? [{ id: prepared.pointIds[n], keys }] : [];
  });
}

/** Keys of frames that follow each other without a gap. */
export function runsOf({ keys }: KeyedPoint): Key[][] {
  const runs: Key[][] = [];
  for (const key of keys) {
    const run = runs.at(-1);
    if (run && run[run.length - 1].frame === key.frame - 1) run.push(key);
    else runs.push([key]);
  }
  return runs;
}

export function unseenNotices(prepared: PreparedTracks): string[] {
  const { length } = prepared.pointIds;
  const unseen = length - keyedPoints(prepared).length;
  if (unseen === 0) return [];
  return [`Left out, because no frame shows them: ${unseen} of ${length} points.`];
}

/** Number of the first frame, `usual` where none is chosen. */
export function firstFrameOption(usual: "0" | "1"): ChoiceOption {
  const numbers = [usual, usual === "0" ? "1" : "0", "1001"];
  return {
    kind: "choice",
    id: "first-frame",
    label: "First frame",
    values: numbers.map((value) => ({ value, label: value })),
  };
}
