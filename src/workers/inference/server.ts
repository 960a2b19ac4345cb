import { PackError } from "../../domain/errors.ts";
import { type Job, unlessCancelled } from "../../domain/job.ts";
import type { PackLocation } from "../../domain/pack/location.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type { Forecaster } from "../../domain/ports.ts";
import type { Handlers } from "../channel/server.ts";
import { buffersOf } from "../channel/transfer.ts";
import type { InferenceOperations, LoadRequest } from "./protocol.ts";

export type OpenForecaster = (request: LoadRequest, job: Job) => Promise<Forecaster>;

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

  const explorerOf = async (job: Job) => {
    const { explorer } = await unlessCancelled(forecaster, job);
    if (!explorer) throw new Error("this forecaster explores nothing");
    return explorer;
  };

  return {
    async load(request, { job }) {
      forecaster = open(request, job);
      const { manifest, backend } = await forecaster;
      return { manifest, backend };
    },
    inspect: ({ location }, { job }) => inspect(location, job),
    async explore({ request, options }, { job }) {
      return (await explorerOf(job)).explore(request, options, job);
    },
    async fields({ picture, latentsKL }, { job }) {
      return (await explorerOf(job)).fields(picture, latentsKL, job);
    },
    async cameras({ picture, latentsKL }, { job }) {
      return (await explorerOf(job)).cameras(picture, latentsKL, job);
    },
    async rivals({ picture, latentsKL }, { job }) {
      return (await explorerOf(job)).rivals(picture, latentsKL, job);
    },
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
