import { FormatError } from "../../../domain/errors.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import type { DroppedPoint } from "./types.ts";

/**
 * The points that were asked for, of `count`; all where none were named.
 * @throws FormatError for none, one that does not exist and one named twice.
 */
export function chosenPoints(count: number, asked: readonly number[] | undefined): Int32Array {
  const ids = asked ? Int32Array.from(asked) : Int32Array.from({ length: count }, (_, n) => n);
  if (ids.length === 0) {
    throw new FormatError("No points are chosen", "Choose at least one point.");
  }
  const bad = asked?.find((id) => !Number.isInteger(id) || id < 0 || id >= count);
  if (bad !== undefined || new Set(ids).size !== ids.length) {
    throw new FormatError(
      bad === undefined ? "A point is chosen twice" : `Point ${bad} does not exist`,
      `Points count from 0 to ${count - 1}; name each once.`,
    );
  }
  return ids;
}

/** @throws FormatError naming the point and frame of the first position that is not finite. */
export function requireFinite({ tracksTN2, pointCount }: Tracks, pointIds: Int32Array): void {
  const bad = tracksTN2.findIndex((v) => !Number.isFinite(v));
  if (bad < 0) return;
  const sample = Math.floor(bad / 2);
  throw new FormatError(
    `Point ${pointIds[sample % pointCount]} has no position in frame ${Math.floor(sample / pointCount)}`,
    "Resample this future: its numbers cannot be written.",
  );
}

/**
 * Columns of the points shown in the first frame, and why the others are left out: WanMove reads index
 * −1 for a track hidden there and moves the bottom right corner instead.
 * @throws FormatError where none is left.
 */
export function shownAtFirst(tracks: Tracks, shownTN: Uint8Array, pointIds: Int32Array) {
  const columns: number[] = [];
  const dropped: DroppedPoint[] = [];
  for (let n = 0; n < tracks.pointCount; n++) {
    if (shownTN[n]) columns.push(n);
    else {
      const hidden = tracks.visibilityTN[n] === 0;
      const reason = hidden
        ? "hidden at the first frame"
        : "outside the picture at the first frame";
      dropped.push({ pointId: pointIds[n], reason });
    }
  }
  if (columns.length > 0) return { columns, dropped };
  throw new FormatError(
    "No point is visible in the first exported frame, so the generator would have nothing to follow",
    "Choose other points or another layer.",
  );
}
