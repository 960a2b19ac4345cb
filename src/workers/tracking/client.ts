import { RuntimeLostError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import type { FrameSequence, PointTracker, TrackRequest } from "../../domain/ports.ts";
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
 * to it as they come, not copied. A cancel rejects at once with CancelledError and stops the work
 * within about a tenth of a second. Rejects with RuntimeLostError when the thread dies; the next
 * request starts a new one.
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

  track({ frames, queryXyN2 }: TrackRequest, job?: Job): Promise<Tracks> {
    const request = { queryXyN2: queryXyN2.slice(), frameCount: frames.length };
    return this.channel.call("track", {
      request: () => request,
      items: handedOver(frames),
      job,
    });
  }

  dispose(): void {
    this.channel.end();
  }
}

/** Of a view into a larger buffer only its part is handed over, as a copy. */
async function* handedOver(frames: FrameSequence) {
  for await (const { size, gray } of frames) {
    const own = gray.byteLength === gray.buffer.byteLength ? gray : gray.slice();
    yield { item: { size, gray: own }, transfer: buffersOf(own) };
  }
}
