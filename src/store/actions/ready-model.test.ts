import { expect, test, vi } from "vitest";
import { PackError } from "../../domain/errors.ts";
import type { SharedJob } from "../../domain/job.ts";
import { unlessCancelled } from "../../domain/job.ts";
import type { Forecaster } from "../../domain/ports.ts";
import { PHOTO_MODEL } from "../document.ts";
import type { Studio } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { readyModel } from "./ready-model.ts";

/** A studio whose model arrives when the test says so. */
async function waitingStudio() {
  const { studio, ports } = fakeStudio();
  const model = await ports.forecaster();
  const jobs: (SharedJob | undefined)[] = [];
  let arrive: (failure?: Error) => void = () => undefined;
  const load = new Promise<Forecaster>((resolve, reject) => {
    arrive = (failure) => (failure ? reject(failure) : resolve(model));
  });
  load.catch(() => undefined);
  ports.forecaster = (job) => {
    jobs.push(job);
    return unlessCancelled(load, job);
  };
  return { studio, jobs, arrive };
}

function choosePhotoModel(studio: Studio): void {
  studio.store.setState({ shipsPhoto: true });
  studio.state.amend((document) => ({ ...document, model: PHOTO_MODEL }));
}

test("the model is made ready before there is a clip, and the page follows it", async () => {
  const { studio, jobs, arrive } = await waitingStudio();
  readyModel(studio);
  readyModel(studio);
  expect(jobs).toHaveLength(1);
  jobs[0]?.onProgress?.({ stage: "pack", done: 12e6, total: 32e6 });
  expect(studio.state.readying).toEqual({ doneBytes: 12e6, totalBytes: 32e6 });
  jobs[0]?.onProgress?.({ stage: "graphs", done: 1, total: 4 });
  expect(studio.state.readying).toEqual({ doneBytes: 0, totalBytes: 0 });
  expect(studio.state.status).toBe("Ready for a clip");
  arrive();
  await vi.waitFor(() => expect(studio.state.readying).toBeNull());
  expect(studio.state.backend?.backend).toBe("wasm");
});

test("a model that cannot be made ready ahead is no word to the user yet", async () => {
  const { studio, arrive } = await waitingStudio();
  readyModel(studio);
  arrive(new PackError("The network is down", "Try again."));
  await vi.waitFor(() => expect(studio.state.readying).toBeNull());
  expect(studio.state.notice).toBeNull();
  expect(studio.state.backend).toBeNull();
});

test("another model's choice ends what was begun ahead", async () => {
  const { studio, jobs } = await waitingStudio();
  readyModel(studio);
  choosePhotoModel(studio);
  expect(jobs[0]).toMatchObject({ isAhead: true, signal: { aborted: true } });
  await vi.waitFor(() => expect(studio.state.readying).toBeNull());
});

test("nothing is begun where another model is chosen", async () => {
  const { studio, jobs } = await waitingStudio();
  choosePhotoModel(studio);
  readyModel(studio);
  expect(jobs).toEqual([]);
});
