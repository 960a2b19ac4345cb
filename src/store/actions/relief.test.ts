import { expect, test } from "vitest";
import { PackError } from "../../domain/errors.ts";
import { type Progress, throwIfCancelled } from "../../domain/job.ts";
import type { DepthTeller, PointTracker } from "../../domain/ports.ts";
import type { DepthGuess, ReliefRequest } from "../../domain/space-field.ts";
import { createTracks } from "../../domain/tracks.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { cancelRelief, findRelief } from "./relief.ts";

/** Finds a relief with that network; gives the studio and what the estimator was asked. */
async function reliefWith(depthTeller: DepthTeller) {
  const { studio, ports } = fakeStudio();
  const asked: ReliefRequest[] = [];
  const estimate: typeof reliefEstimator.estimate = (request, job) => {
    asked.push(request);
    return reliefEstimator.estimate(request, job);
  };
  Object.assign(ports, {
    depthTeller: async () => depthTeller,
    relief: async () => ({ ...reliefEstimator, estimate }),
  });
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await findRelief(studio);
  return { studio, asked };
}

test("what the depth network tells of the tracked points goes into the estimate", async () => {
  let guess: DepthGuess | null = null;
  const { asked } = await reliefWith({
    async tell({ tracks: { pointCount } }) {
      const all = (value: number) => new Float32Array(pointCount).fill(value);
      guess = { inverseDepthN: all(1), sigmaLogN: all(2), movingN: all(0) };
      return guess;
    },
  });
  expect(asked[0].guess).toBe(guess);
  expect(asked[0].guess?.inverseDepthN).toHaveLength(asked[0].tracks.pointCount);
});

test("a network that cannot be had leaves the relief to the tracks", async () => {
  const { studio, asked } = await reliefWith({
    tell: () => Promise.reject(new PackError("The pack is damaged", "Reload the page.")),
  });
  expect(asked[0].guess).toBeUndefined();
  expect(studio.state.relief).not.toBeNull();
  expect(studio.state.notice).toBeNull();
});

test("denser points are tracked on demand, with progress, and a stop ends them and leaves no relief", async () => {
  const { studio, ports } = fakeStudio();
  let stopsAt = Infinity;
  const counts: number[] = [];
  Object.assign(ports, {
    tracker: async (): Promise<PointTracker> => ({
      async track({ frames, queryXyN2 }, job) {
        const pointCount = queryXyN2.length / 2;
        counts.push(pointCount);
        for (let done = 0; done < frames.length; done++) {
          job?.onProgress?.({ stage: "tracking", done, total: frames.length });
          if (done === stopsAt) cancelRelief(studio);
          await Promise.resolve();
          throwIfCancelled(job);
        }
        const tracks = createTracks(frames.length, pointCount);
        for (let t = 0; t < frames.length; t++) tracks.tracksTN2.set(queryXyN2, 2 * t * pointCount);
        tracks.visibilityTN.fill(1);
        return tracks;
      },
    }),
  });
  await openClip(studio, new File(["a clip"], "made.mp4"));
  const heard: Progress[] = [];
  studio.store.subscribe(({ reliefProgress }) => reliefProgress && heard.push(reliefProgress));
  await findRelief(studio, "dense");
  expect(counts.at(-1)).toBe(3000);
  expect(heard.some(({ stage, done }) => stage === "Tracking" && done > 0)).toBe(true);
  expect(studio.state.relief).toMatchObject({ pointCount: 3000, why: "bare" });
  expect(studio.state.reliefProgress).toBeNull();
  const found = studio.state.relief;
  stopsAt = 3;
  await findRelief(studio, "dense");
  expect(studio.state.relief).toBe(found);
  expect(studio.state.reliefProgress).toBeNull();
  expect(studio.state.notice).toBeNull();
});
