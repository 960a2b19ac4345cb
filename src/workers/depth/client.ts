import { RuntimeLostError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import type { DepthTeller } from "../../domain/ports.ts";
import type { ReliefRequest } from "../../domain/space-field.ts";
import { WorkerChannel } from "../channel/client.ts";
import type { ThreadPort } from "../channel/protocol.ts";
import type { DepthOperations } from "./protocol.ts";

function startWorker(): ThreadPort {
  return new Worker(new URL("./depth.worker.ts", import.meta.url), { type: "module" });
}

/** The `field` pack at `url` on a thread of its own, started and loaded with the first request. */
export class DepthClient implements DepthTeller {
  private readonly channel: WorkerChannel<DepthOperations>;

  constructor(
    private readonly url: string,
    startThread: () => ThreadPort = startWorker,
  ) {
    this.channel = new WorkerChannel({
      startThread,
      hearsCancel: () => false,
      toLoss: (reason) =>
        new RuntimeLostError(
          `The depth network stopped (${reason || "unknown reason"}).`,
          "Press Find relief to try again.",
        ),
    });
  }

  tell(request: Pick<ReliefRequest, "tracks" | "anchorFrame" | "size">, job?: Job) {
    return this.channel.call("tell", { request: () => ({ url: this.url, request }), job });
  }
}
