import { expect, test, vi } from "vitest";
import { CancelledError } from "../../domain/errors.ts";
import { type Job, unlessCancelled } from "../../domain/job.ts";
import type { Forecaster } from "../../domain/ports.ts";
import { sharedLoad } from "./shared-load.ts";

const MODEL = {} as Forecaster;

/** A load that a test ends, and what it was given. */
function heldLoad() {
  const jobs: Job[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const load = sharedLoad((job) => {
    jobs.push(job);
    const held = new Promise<Forecaster>((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve(MODEL)));
    });
    return unlessCancelled(held, job);
  });
  return { load, jobs, ends };
}

test("who asks while a model is made ready ahead joins that load and hears its progress", async () => {
  const { load, jobs, ends } = heldLoad();
  const [early, late] = [vi.fn(), vi.fn()];
  const ahead = load({ isAhead: true, onProgress: early });
  const asked = load({ onProgress: late });
  jobs[0].onProgress?.({ stage: "pack", done: 1, total: 2 });
  expect(early).toHaveBeenCalledOnce();
  expect(late).toHaveBeenCalledOnce();
  ends[0]();
  expect(await ahead).toBe(MODEL);
  expect(await asked).toBe(MODEL);
  expect(jobs).toHaveLength(1);
});

test("a cancel ends what was begun ahead alone, and the next one loads anew", async () => {
  const { load, jobs, ends } = heldLoad();
  const ahead = new AbortController();
  const early = load({ isAhead: true, signal: ahead.signal });
  ahead.abort();
  await expect(early).rejects.toThrow(CancelledError);
  expect(jobs[0].signal?.aborted).toBe(true);
  const asked = load();
  ends[1]();
  expect(await asked).toBe(MODEL);
});

test("a load that somebody asked for goes on after every cancel", async () => {
  const { load, jobs, ends } = heldLoad();
  const [ahead, user] = [new AbortController(), new AbortController()];
  const waits = [load({ isAhead: true, signal: ahead.signal }), load({ signal: user.signal })].map(
    (wait) => expect(wait).rejects.toThrow(CancelledError),
  );
  user.abort();
  ahead.abort();
  await Promise.all(waits);
  expect(jobs[0].signal?.aborted).toBe(false);
  ends[0]();
  expect(await load()).toBe(MODEL);
  expect(jobs).toHaveLength(1);
});

test("after a failure the next one tries again", async () => {
  const { load, ends } = heldLoad();
  const first = load();
  ends[0](new Error("no network"));
  await expect(first).rejects.toThrow("no network");
  const second = load();
  ends[1]();
  expect(await second).toBe(MODEL);
});
