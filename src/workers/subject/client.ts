import type { Frame } from "../../domain/clip.ts";
import { RuntimeLostError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import type { SubjectFinder } from "../../domain/ports.ts";
import { WorkerChannel } from "../channel/client.ts";
import type { ThreadPort } from "../channel/protocol.ts";
import type { SubjectOperations } from "./protocol.ts";

function startWorker(): ThreadPort {
  return new Worker(new URL("./subject.worker.ts", import.meta.url), { type: "module" });
}

/**
 * Finds the subject on a thread of its own, which starts with a request and ends with its answer: the
 * network's memory is given back. A cancel ends the thread.
 */
export class SubjectClient implements SubjectFinder {
  constructor(
    private readonly modelUrl: string,
    private readonly startThread: () => ThreadPort = startWorker,
  ) {}

  async find(picture: Pick<Frame, "rgba" | "size">, job?: Job) {
    const channel = new WorkerChannel<SubjectOperations>({
      startThread: this.startThread,
      hearsCancel: () => false,
      toLoss: (reason) =>
        new RuntimeLostError(
          `The subject could not be found (${reason || "unknown reason"}).`,
          "Close other tabs and try again, or paint the layer by hand.",
        ),
    });
    try {
      const { modelUrl } = this;
      return await channel.call("find", { request: () => ({ picture, modelUrl }), job });
    } finally {
      channel.end();
    }
  }
}
