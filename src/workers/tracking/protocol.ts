import type { TrackRequest } from "../../domain/ports.ts";
import type { Tracks } from "../../domain/tracks.ts";
import type { Operation } from "../channel/protocol.ts";

export type TrackingOperations = {
  readonly track: Operation<TrackRequest, Tracks>;
};
