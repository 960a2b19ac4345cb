import type { Size } from "../../../domain/clip.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import type { DroppedPoint, ExportSegment } from "./types.ts";

/** Tracks of one future, ready to be written: chosen, resampled, placed. */
export interface PreparedTracks {
  readonly segment: ExportSegment;
  /** Null for segments without a future. */
  readonly futureIndex: number | null;
  /** Pixels of `size`, 0 = centre of the first pixel. */
  readonly tracks: Tracks;
  /** [T,N] 1 = visible and inside the picture of `size`. */
  readonly shownTN: Uint8Array;
  readonly size: Size;
  readonly fps: number;
  /** Output frame of "now"; not an integer where resampling passed over it. */
  readonly nowFrame: number;
  /** [T] frames of the forecast from "now", not whole where it is resampled. */
  readonly fromNowT: Float64Array;
  readonly pointIds: Int32Array;
  readonly dropped: readonly DroppedPoint[];
  readonly notices: readonly string[];
}

/** Of the frames of a file, that which shows "now" or comes nearest to it. */
export function frameNearNow({ tracks, nowFrame }: PreparedTracks): number {
  return Math.min(tracks.frameCount - 1, Math.max(0, Math.round(nowFrame)));
}
