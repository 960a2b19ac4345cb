import type { GrayFrame } from "../../domain/clip.ts";
import { RuntimeLostError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import type { PointTracker, TrackRequest } from "../../domain/ports.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { WorkerChannel } from "../channel/client.ts";
import type { ThreadPort } from "../channel/protocol.ts";
import { buffersOf } from "../channel/transfer.ts";
import type { TrackingOperations } from "./protocol.ts";

function startWorker(): ThreadPort {
  return new Worker(new URL("./tracking.worker.ts", import.meta.url), { type: "module" });
}

/**
 * The point tracker on a thread of its own, started with the first request. Frames are handed over
 * to it, not copied. A cancel rejects at
 * once with CancelledError and stops the work within about a tenth of a second. Rejects with
 * RuntimeLostError when the thread dies; the next request starts a new one.
 */
export class TrackingClient implements PointTracker {
  private readonly channel: WorkerChannel<TrackingOperations>;

  constructor(startThread: () => ThreadPort = startWorker) {
    this.channel = new WorkerChannel({
      startThread,
      toLoss: (reason) =>
        new RuntimeLostError(
          `Tracking stopped (${reason || "unknown reason"}).`,
          "Press Forecast to try again.",
        ),
    });
  }

  track(request: TrackRequest, job?: Job): Promise<Tracks> {
    const own = withOwnBuffers(request);
    const transfer = buffersOf(own.queryXyN2, ...own.frames.map(({ gray }) => gray));
    return this.channel.call("track", { request: () => own, transfer, job });
  }

  dispose(): void {
    this.channel.end();
  }
}

/** Of a view into a larger buffer only its part is handed over, as a copy. */
function withOwnBuffers(request: TrackRequest): TrackRequest {
  const frames = request.frames.map((frame): GrayFrame => {
    const { gray, size } = frame;
    return { size, gray: gray.byteLength === gray.buffer.byteLength ? gray : gray.slice() };
  });
  return { frames, queryXyN2: request.queryXyN2.slice() };
}
