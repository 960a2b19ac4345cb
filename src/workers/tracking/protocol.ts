import type { GrayFrame } from "../../domain/clip.ts";
import type { Tracks } from "../../domain/tracks.ts";
import type { Operation } from "../channel/protocol.ts";

export interface TrackCall {
  readonly queryXyN2: Float32Array;
  readonly frameCount: number;
}

/** Its items are the frames. */
export type TrackingOperations = {
  readonly track: Operation<TrackCall, Tracks, never, GrayFrame>;
};
