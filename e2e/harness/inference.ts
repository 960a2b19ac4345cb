import type { SamplerSettings } from "../../src/domain/forecast.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../src/domain/grid.ts";
import type { BackendReport, Forecaster } from "../../src/domain/ports.ts";
import { createTracks } from "../../src/domain/tracks.ts";
import { SOLVER_NAMES } from "../../src/engine/flow/solvers/list.ts";
import { createForecaster } from "../../src/engine/models/forecaster.ts";
import { selfTest } from "../../src/engine/models/self-test.ts";
import { openWorkerForecaster } from "../../src/workers/inference/client.ts";
import { requestInferenceDevice } from "../../src/workers/inference/device.ts";
import { createOrtRunner } from "../../src/workers/inference/ort-runner.ts";
import { ort } from "../../src/workers/inference/ort-webgpu.ts";
import type { BackendPreference } from "../../src/workers/inference/protocol.ts";
import { loadPack } from "../../src/workers/pack/load.ts";
import { urlPackSource } from "../../src/workers/pack/url-source.ts";
import { pannedHistory } from "./history.ts";

export interface SampleRequest {
  readonly pack: string;
  readonly preference: BackendPreference;
  readonly seeds: number[];
  readonly sampler: SamplerSettings;
}

export interface Sampled {
  readonly backend: BackendReport;
  /** [T,N,2] of each seed, in order. */
  readonly tracks: number[][];
  readonly visible: number[];
  readonly loadMillis: number;
  readonly firstMillis: number;
  readonly allMillis: number;
}

const open = new Map<string, Promise<Forecaster>>();

function forecasterOf(pack: string, preference: BackendPreference): Promise<Forecaster> {
  const key = `${preference} ${pack}`;
  const url = new URL(pack, location.origin).href;
  const opened = open.get(key) ?? openWorkerForecaster({ kind: "url", url }, { preference });
  open.set(key, opened);
  return opened;
}

/** The graphs in this page's own thread, where the device and the tensors can be seen. */
async function openHere(pack: string) {
  const loaded = await loadPack(urlPackSource(new URL(pack, location.origin).href));
  const choice = await requestInferenceDevice();
  if (!choice.device) throw new Error(choice.reason);
  const { device } = choice;
  ort.env.wasm.numThreads = 1;
  const options = { provider: "webgpu" as const, batch: 1, device };
  const runner = await createOrtRunner(ort, loaded.manifest, loaded.files, options);
  const report: BackendReport = { backend: "webgpu", threads: 1, reason: "harness" };
  return { loaded, device, runner, forecaster: createForecaster(runner, loaded.manifest, report) };
}

const harness = {
  async sample({ pack, preference, seeds, sampler }: SampleRequest): Promise<Sampled> {
    const began = performance.now();
    const forecaster = await forecasterOf(pack, preference);
    const loaded = performance.now();
    let first = 0;
    const tracks: number[][] = [];
    const visible: number[] = [];
    await forecaster.forecast(
      { inputs: { history: pannedHistory(40), frame_interval: 1 / 16 }, seeds, sampler },
      (future) => {
        first ||= performance.now();
        tracks.push(Array.from(future.tracks.tracksTN2));
        visible.push(future.tracks.visibilityTN.reduce((sum, v) => sum + v, 0));
      },
    );
    return {
      backend: forecaster.backend,
      tracks,
      visible,
      loadMillis: loaded - began,
      firstMillis: first - loaded,
      allMillis: performance.now() - loaded,
    };
  },

  /** What a model of one picture makes of a picture whose left half is red. */
  async picture(pack: string, preference: BackendPreference) {
    const forecaster = await forecasterOf(pack, preference);
    const [width, height] = [416, 240];
    const picture = Float32Array.from({ length: 3 * width * height }, (_, i) =>
      i < width * height && i % width < width / 2 ? 255 : 40,
    );
    const history = createTracks(1, POINT_COUNT);
    history.tracksTN2.set(gridQueryXyN2());
    history.visibilityTN.fill(1);
    const request = { inputs: { picture, history }, seeds: [] };
    const exploration = await forecaster.explorer?.explore(request, { count: 60 });
    if (!exploration) throw new Error("nothing was explored");
    const { sight, modes, latentsKL } = exploration;
    const two = latentsKL.slice(0, 2 * sight.latentSize);
    const fields = await forecaster.explorer?.fields(sight.picture, two);
    return {
      backend: forecaster.backend,
      moving: Array.from(sight.movingN),
      finer: sight.finer.map(({ weights9M }) => Array.from(weights9M)),
      fields: Array.from(fields ?? []),
      modes: modes.groups.map(({ name, share }) => `${name} ${share.count}`),
    };
  },

  /** Cancels at the first of many futures; says what was thrown and what a later run gave. */
  async cancel(pack: string, preference: BackendPreference) {
    const forecaster = await forecasterOf(pack, preference);
    const controller = new AbortController();
    const request = { inputs: { history: pannedHistory(40), frame_interval: 1 / 16 } };
    let heard = 0;
    const error = await forecaster
      .forecast(
        { ...request, seeds: Array.from({ length: 60 }, (_, i) => i) },
        () => {
          heard++;
          controller.abort();
        },
        controller,
      )
      .then(String, (reason: Error) => reason.name);
    let after = 0;
    await forecaster.forecast({ ...request, seeds: [7, 8] }, () => after++);
    return { error, heard, after };
  },

  /** Every graph of the pack on the graphics device against the golden values. */
  async selfTest(pack: string) {
    const { loaded, runner } = await openHere(pack);
    const result = loaded.goldens ? await selfTest(runner, loaded.goldens) : null;
    const held = runner.liveTensors;
    await runner.dispose();
    return { result, held };
  },

  /** Tensors held after each of several runs. */
  async tensorsHeld(pack: string) {
    const { runner, forecaster } = await openHere(pack);
    const request = {
      inputs: { history: pannedHistory(20), frame_interval: 1 / 16 },
      seeds: [1, 2, 3],
    };
    const held: number[] = [];
    for (const solver of SOLVER_NAMES) {
      await forecaster.forecast({ ...request, sampler: { solver, steps: 2 } }, () => undefined);
      held.push(runner.liveTensors);
    }
    await forecaster.dispose();
    return held;
  },

  /** The device is destroyed between two runs, or while one is on its way. */
  async lose(pack: string, when: "between" | "during") {
    const { device, forecaster } = await openHere(pack);
    const request = { inputs: { history: pannedHistory(20), frame_interval: 1 / 16 } };
    let after = 0;
    let lost = false;
    let reports = 0;
    const destroy = () => {
      lost = true;
      device.destroy();
    };
    const onProgress = () => {
      reports++;
      if (when === "during" && reports === 4) setTimeout(destroy, 1);
    };
    const onFuture = () => {
      if (lost) after++;
      else if (when === "between") destroy();
    };
    const run = (seeds: number[]) =>
      forecaster
        .forecast({ ...request, seeds }, onFuture, { onProgress })
        .then(String, (reason: Error) => reason.name);
    const during = await run([1, 2, 3, 4, 5, 6, 7, 8]);
    // A seed that was not sampled: what is kept needs no device.
    const later = await run([9]);
    await forecaster.dispose();
    return { during, later, after };
  },
};

declare global {
  interface Window {
    inference: typeof harness;
  }
}
window.inference = harness;
