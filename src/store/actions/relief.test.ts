import { expect, test } from "vitest";
import { PackError } from "../../domain/errors.ts";
import type { DepthTeller } from "../../domain/ports.ts";
import type { DepthGuess, ReliefRequest } from "../../domain/space-field.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { findRelief } from "./relief.ts";

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
