import { PackError, serializeError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type { Forecaster } from "../../domain/ports.ts";
import type {
  BackendPreference,
  InferenceReply,
  InferenceRequest,
  PackLocation,
} from "./protocol.ts";

export type OpenForecaster = (
  location: PackLocation,
  preference: BackendPreference,
  job: Job,
) => Promise<Forecaster>;

export type InspectPack = (location: PackLocation, job: Job) => Promise<PackInspection>;

/** The worker's side of the protocol. `transfer` names buffers that may be handed over. */
export function createInferenceServer(
  open: OpenForecaster,
  look: InspectPack,
  send: (reply: InferenceReply, transfer?: Transferable[]) => void,
): (request: InferenceRequest) => void {
  const controllers = new Map<number, AbortController>();
  let forecaster: Promise<Forecaster> = Promise.reject(
    new PackError("No model pack is loaded", "Load one first."),
  );
  forecaster.catch(() => undefined);

  async function serve(message: Exclude<InferenceRequest, { kind: "cancel" }>, job: Job) {
    const { id } = message;
    if (message.kind === "inspect") {
      send({ kind: "inspected", id, inspection: await look(message.location, job) });
      return;
    }
    if (message.kind === "load") {
      forecaster = open(message.location, message.preference, job);
      const { manifest, backend } = await forecaster;
      send({ kind: "loaded", id, manifest, backend });
      return;
    }
    const model = await forecaster;
    await model.forecast(
      message.request,
      (future) => {
        const { tracks, cameraPathT6 } = future;
        const buffers = [tracks.tracksTN2.buffer, tracks.visibilityTN.buffer, cameraPathT6?.buffer];
        send(
          { kind: "future", id, future },
          buffers.filter((buffer) => buffer instanceof ArrayBuffer),
        );
      },
      job,
    );
    send({ kind: "done", id });
  }

  return (message) => {
    const { id } = message;
    if (message.kind === "cancel") {
      controllers.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    controllers.set(id, controller);
    const onProgress: Job["onProgress"] = (progress) => send({ kind: "progress", id, progress });
    serve(message, { signal: controller.signal, onProgress })
      .catch((error: unknown) => send({ kind: "failed", id, error: serializeError(error) }))
      .finally(() => controllers.delete(id));
  };
}
