import type { Tracks } from "../../domain/tracks.ts";
import { type NpzEntry, writeNpz } from "../containers/npz.ts";

/** When "now" is: seconds of the clip, and working frames from its start. */
export interface TracksMoment {
  readonly fps: number;
  readonly nowSecs: number;
  readonly nowFrame: number;
}

/** What was tracked up to "now". */
export interface TrackedPast {
  readonly history: Tracks;
  /** [N,2] (x,y) at "now". */
  readonly queryXyN2: Float32Array;
  readonly textureN?: Float32Array;
}

/**
 * What `npm run tracks` writes for training: observed tracks alone, videoPx, 0 = centre of the first
 * pixel. T past and F following frames, N points.
 * - `history_tracks_tn2` [T,N,2] float32 (x,y), the last frame is "now"; `history_visibility_tn` [T,N] uint8;
 * - `future_tracks_tn2` [F,N,2], `future_visibility_tn`: what followed, frame 0 is the frame after "now";
 *   F is 0 where nothing did;
 * - `texture_n` [N] float32, where the picture at "now" was seen: what holds each track (engine/space/texture.ts);
 * - `query_xy_n2` [N,2] float32; `fps`, `now_secs` float64 and `now_frame` int32, single numbers.
 */
export function writeTracksNpz(
  { history, queryXyN2, textureN }: TrackedPast,
  future: Tracks,
  { fps, nowSecs, nowFrame }: TracksMoment,
): Uint8Array {
  const n = history.pointCount;
  return writeNpz([
    entry("history_tracks_tn2", [history.frameCount, n, 2], "float32", history.tracksTN2),
    entry("history_visibility_tn", [history.frameCount, n], "uint8", history.visibilityTN),
    entry("future_tracks_tn2", [future.frameCount, n, 2], "float32", future.tracksTN2),
    entry("future_visibility_tn", [future.frameCount, n], "uint8", future.visibilityTN),
    entry("query_xy_n2", [n, 2], "float32", queryXyN2),
    ...(textureN ? [entry("texture_n", [n], "float32", textureN)] : []),
    entry("fps", [], "float64", [fps]),
    entry("now_secs", [], "float64", [nowSecs]),
    entry("now_frame", [], "int32", [nowFrame]),
  ]);
}

function entry(
  name: string,
  shape: readonly number[],
  dtype: NpzEntry["dtype"],
  values: ArrayLike<number>,
): NpzEntry {
  return { name, shape, dtype, values };
}
