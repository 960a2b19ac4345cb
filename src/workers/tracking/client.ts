import type { GrayFrame } from "../../domain/clip.ts";
import { CancelledError, deserializeError, RuntimeLostError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { PointTracker, TrackRequest } from "../../domain/ports.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { withLifeline } from "../lifeline.ts";
import type { TrackingReply, TrackingRequest } from "./protocol.ts";

export type WorkerLike = Pick<
  Worker,
  "postMessage" | "terminate" | "addEventListener" | "removeEventListener"
>;

function startWorker(): WorkerLike {
  return withLifeline(
    new Worker(new URL("./tracking.worker.ts", import.meta.url), { type: "module" }),
  );
}

interface Pending {
  readonly job: Job | undefined;
  readonly resolve: (tracks: Tracks) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The point tracker on a thread of its own, started with the first request. A cancel rejects at
 * once with CancelledError and stops the work within about a tenth of a second. Rejects with
 * RuntimeLostError when the thread dies; the next request starts a new one.
 */
export class TrackingClient implements PointTracker {
  private worker: WorkerLike | undefined;
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();

  constructor(private readonly makeWorker: () => WorkerLike = startWorker) {}

  track(request: TrackRequest, job?: Job): Promise<Tracks> {
    return new Promise((resolve, reject) => {
      throwIfCancelled(job);
      const id = this.nextId++;
      const cancel = () => {
        this.pending.delete(id);
        this.post({ kind: "cancel", id });
        reject(new CancelledError());
      };
      const settled = () => {
        this.pending.delete(id);
        job?.signal?.removeEventListener("abort", cancel);
      };
      this.pending.set(id, {
        job,
        resolve: (tracks) => {
          settled();
          resolve(tracks);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      job?.signal?.addEventListener("abort", cancel, { once: true });
      this.post({ kind: "track", id, request: withOwnBuffers(request) });
    });
  }

  dispose(): void {
    this.stop(new CancelledError());
  }

  private post(message: TrackingRequest): void {
    if (!this.worker) {
      const worker = this.makeWorker();
      worker.addEventListener("message", (event) => {
        if (this.worker === worker) this.receive((event as MessageEvent<TrackingReply>).data);
      });
      worker.addEventListener("error", (event) => {
        if (this.worker !== worker) return;
        const reason = (event as ErrorEvent).message || "unknown reason";
        this.stop(
          new RuntimeLostError(`Tracking stopped (${reason}).`, "Press Forecast to try again."),
        );
      });
      this.worker = worker;
    }
    this.worker.postMessage(message);
  }

  private receive(reply: TrackingReply): void {
    const pending = this.pending.get(reply.id);
    if (!pending) return;
    if (reply.kind === "progress") pending.job?.onProgress?.(reply.progress);
    else if (reply.kind === "done") pending.resolve(reply.tracks);
    else pending.reject(deserializeError(reply.error));
  }

  private stop(error: Error): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const { reject } of [...this.pending.values()]) reject(error);
  }
}

/** A view into a larger buffer would carry the whole buffer across to the worker. */
function withOwnBuffers(request: TrackRequest): TrackRequest {
  const frames = request.frames.map((frame): GrayFrame => {
    const { gray, size } = frame;
    return { size, gray: gray.byteLength === gray.buffer.byteLength ? gray : gray.slice() };
  });
  return { frames, queryXyN2: request.queryXyN2.slice() };
}
