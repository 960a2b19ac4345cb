import { serializeError } from "../../domain/errors.ts";
import type { PointTracker } from "../../domain/ports.ts";
import type { TrackingReply, TrackingRequest } from "./protocol.ts";

/**
 * The worker's side of the protocol. One request runs at a time: two at once would only delay the
 * first result. A cancelled request that still waits never starts.
 */
export function createTrackingServer(
  tracker: PointTracker,
  send: (reply: TrackingReply) => void,
): (request: TrackingRequest) => void {
  const controllers = new Map<number, AbortController>();
  let queue: Promise<void> = Promise.resolve();

  async function run(message: Extract<TrackingRequest, { kind: "track" }>): Promise<void> {
    const { id, request } = message;
    try {
      const tracks = await tracker.track(request, {
        signal: controllers.get(id)!.signal,
        onProgress: (progress) => send({ kind: "progress", id, progress }),
      });
      send({ kind: "done", id, tracks });
    } catch (error) {
      send({ kind: "failed", id, error: serializeError(error) });
    } finally {
      controllers.delete(id);
    }
  }

  return (message) => {
    if (message.kind === "cancel") {
      controllers.get(message.id)?.abort();
      return;
    }
    controllers.set(message.id, new AbortController());
    queue = queue.then(() => run(message));
  };
}
