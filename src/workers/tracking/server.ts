import type { PointTracker } from "../../domain/ports.ts";
import type { Handlers } from "../channel/server.ts";
import { buffersOf } from "../channel/transfer.ts";
import type { TrackingOperations } from "./protocol.ts";

export function trackingHandlers(tracker: PointTracker): Handlers<TrackingOperations> {
  return {
    async track(request, { job, handOver }) {
      const tracks = await tracker.track(request, job);
      handOver(buffersOf(tracks.tracksTN2, tracks.visibilityTN));
      return tracks;
    },
  };
}
