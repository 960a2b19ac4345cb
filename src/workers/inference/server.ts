import { PackError } from "../../domain/errors.ts";
import { type Job, unlessCancelled } from "../../domain/job.ts";
import type { PackLocation } from "../../domain/pack/location.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type { Forecaster } from "../../domain/ports.ts";
import type { Handlers } from "../channel/server.ts";
import { buffersOf } from "../channel/transfer.ts";
import type { BackendPreference, InferenceOperations } from "./protocol.ts";

export type OpenForecaster = (
  location: PackLocation,
  preference: BackendPreference,
  job: Job,
) => Promise<Forecaster>;

export type InspectPack = (location: PackLocation, job: Job) => Promise<PackInspection>;

/** One model a thread, which its forecasts wait for. */
export function inferenceHandlers(
  open: OpenForecaster,
  inspect: InspectPack,
): Handlers<InferenceOperations> {
  let forecaster: Promise<Forecaster> = Promise.reject(
    new PackError("No model pack is loaded", "Load one first."),
  );
  forecaster.catch(() => undefined);

  return {
    async load({ location, preference }, { job }) {
      forecaster = open(location, preference, job);
      const { manifest, backend } = await forecaster;
      return { manifest, backend };
    },
    inspect: ({ location }, { job }) => inspect(location, job),
    async forecast(request, { job, send }) {
      const model = await unlessCancelled(forecaster, job);
      await model.forecast(
        request,
        (future) => {
          const { tracks, cameraPathT6 } = future;
          send(future, buffersOf(tracks.tracksTN2, tracks.visibilityTN, cameraPathT6));
        },
        job,
      );
      return undefined;
    },
  };
}
