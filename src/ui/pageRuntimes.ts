import type { SharedJob } from "../domain/job.ts";
import type { Forecaster } from "../domain/ports.ts";
import type { Runtimes } from "../store/runtimes.ts";
import { createPageDecoder } from "../workers/decode/client.ts";
import { DepthClient } from "../workers/depth/client.ts";
import { inspectWorkerPack, openWorkerForecaster } from "../workers/inference/client.ts";
import { sharedLoad } from "../workers/inference/shared-load.ts";
import { clearShelf } from "../workers/pack/kept-source.ts";
import { downloadZip } from "../workers/pack/zip-download.ts";
import { ReliefClient } from "../workers/relief/client.ts";
import { SubjectClient } from "../workers/subject/client.ts";
import { TrackingClient } from "../workers/tracking/client.ts";

/** Folders of public/packs (site/plugin.ts). */
declare const SHIPPED_PACKS: readonly string[];

/** A model that ships. */
function shippedModel(pack: string): (job?: SharedJob) => Promise<Forecaster> {
  const url = new URL(`packs/${pack}/`, document.baseURI).href;
  return sharedLoad((job) => openWorkerForecaster({ kind: "url", url }, { testsLater: true }, job));
}

/** The page's own runtimes: each a worker behind its port, loaded when first needed. */
export function createPageRuntimes(): Runtimes {
  const decoder = createPageDecoder();
  const tracker = new TrackingClient();
  const relief = new ReliefClient();
  const subject = new SubjectClient(new URL("packs/subject/u2netp.onnx", document.baseURI).href);
  const depth = new DepthClient(new URL("packs/field/", document.baseURI).href);
  return {
    decoder: async () => decoder,
    tracker: async () => tracker,
    relief: async () => relief,
    ...(SHIPPED_PACKS.includes("subject") ? { subject: async () => subject } : {}),
    ...(SHIPPED_PACKS.includes("field") ? { depthTeller: async () => depth } : {}),
    forecaster: shippedModel("compact"),
    ...(SHIPPED_PACKS.includes("photo") ? { photoForecaster: shippedModel("photo") } : {}),
    inspectPack: (location, job) => inspectWorkerPack(location, {}, job),
    fetchZip: (url, job) =>
      downloadZip(
        { url, onBytes: (done, total) => job?.onProgress?.({ stage: "zip", done, total }) },
        job,
      ),
    openPack: (location, job) => openWorkerForecaster(location, {}, job),
    forgetKeptPacks: () => clearShelf(globalThis.caches, location.origin),
  };
}
