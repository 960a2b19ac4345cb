import type { PackGeometry } from "../../domain/pack/geometry.ts";
import type { Tracks } from "../../domain/tracks.ts";

/** Tracks of the query grid up to "now". */
export interface TrackedHistory {
  /** [N,2] (x,y) videoPx at "now". */
  readonly queryXyN2: Float32Array;
  /** Time order; the last frame is "now". */
  readonly history: Tracks;
  /** Where the points lie on the grid; absent = on the last frame, "now". */
  readonly referenceFrame?: "first-history";
  /** [N] what holds each track at "now" (engine/space/texture.ts), where the picture was seen. */
  readonly textureN?: Float32Array;
}

/** A history and, where they were asked for, the pictures of the same frames. */
export interface HistoryPass {
  readonly history: TrackedHistory;
  /** [3,T,H/4,W/4] in [-1,1], T the longest history of the geometry. */
  readonly picturesCTHW?: Float32Array | undefined;
}

/** A history whose points lie on the grid in the reference frame; its query points are those at "now". */
export function historyOf(
  history: Tracks,
  referenceFrame: PackGeometry["referenceFrame"],
): TrackedHistory {
  const queryXyN2 = history.tracksTN2.slice(-2 * history.pointCount);
  return referenceFrame === "last-history"
    ? { queryXyN2, history }
    : { queryXyN2, history, referenceFrame };
}
