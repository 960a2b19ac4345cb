import type { GrayFrame } from "../../domain/clip.ts";
import type { FrameSequence, PointTracker } from "../../domain/ports.ts";
import type { Handlers } from "../channel/server.ts";
import { buffersOf } from "../channel/transfer.ts";
import type { TrackingOperations } from "./protocol.ts";

export function trackingHandlers(tracker: PointTracker): Handlers<TrackingOperations> {
  return {
    async track({ queryXyN2, frameCount }, { job, items, handOver }) {
      const frames = framesOf(items, frameCount);
      const tracks = await tracker.track({ frames, queryXyN2 }, job);
      handOver(buffersOf(tracks.tracksTN2, tracks.visibilityTN));
      return tracks;
    },
  };
}

function framesOf(items: AsyncIterable<GrayFrame>, length: number): FrameSequence {
  return { length, [Symbol.asyncIterator]: () => items[Symbol.asyncIterator]() };
}
