import { RuntimeLostError } from "../../domain/errors.ts";
import type { FileFieldRequest } from "../../domain/imported-space.ts";
import type { Job } from "../../domain/job.ts";
import type { ReliefEstimator } from "../../domain/ports.ts";
import type { LiftRequest, ReliefRequest } from "../../domain/space-field.ts";
import { WorkerChannel } from "../channel/client.ts";
import type { ThreadPort } from "../channel/protocol.ts";
import type { ReliefOperations } from "./protocol.ts";

function startWorker(): ThreadPort {
  return new Worker(new URL("./relief.worker.ts", import.meta.url), { type: "module" });
}

/**
 * Relief on a thread of its own, started with the first request. The work is done in one piece: a
 * cancel ends the thread, and the next request starts a new one.
 */
export class ReliefClient implements ReliefEstimator {
  private readonly channel: WorkerChannel<ReliefOperations>;

  constructor(startThread: () => ThreadPort = startWorker) {
    this.channel = new WorkerChannel({
      startThread,
      hearsCancel: () => false,
      toLoss: (reason) =>
        new RuntimeLostError(
          `The relief could not be worked out (${reason || "unknown reason"}).`,
          "Press Find relief to try again.",
        ),
    });
  }

  estimate(request: ReliefRequest, job?: Job) {
    return this.channel.call("estimate", { request: () => request, job });
  }

  fromFile(request: FileFieldRequest, job?: Job) {
    return this.channel.call("fromFile", { request: () => request, job });
  }

  lift(request: LiftRequest, job?: Job) {
    return this.channel.call("lift", { request: () => request, job });
  }

  dispose(): void {
    this.channel.end();
  }
}
