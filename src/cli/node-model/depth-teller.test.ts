import { expect, test } from "vitest";
import { CONTROL_POINTS } from "../../domain/curve-basis.ts";
import { DEFAULT_FOV_DEGREES, focalPxOfFov } from "../../domain/pinhole.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { rankCorrelation } from "../../engine/metrics/rank-correlation.ts";
import { medianOf } from "../../engine/space/adjustment.ts";
import { estimateSpace } from "../../engine/space/estimate.ts";
import { rotationAngle } from "../../engine/space/rotation.ts";
import { makeScene, type SceneRequest } from "../../engine/space/testing.ts";
import { fitTurning } from "../../engine/space/turning.ts";
import { shippedGuess } from "./depth-teller.ts";

async function toldOf(request: SceneRequest) {
  const { observations, inverseDepthN, movingN } = makeScene({ moving: 0.25, ...request });
  const { guess } = await shippedGuess({ ...observations, size: WORKING_SIZE });
  const still = [...movingN.keys()].filter((n) => !movingN[n]);
  const order = (rho: ArrayLike<number>) =>
    rankCorrelation(
      still.map((n) => rho[n]),
      still.map((n) => inverseDepthN[n]),
    );
  return { field: estimateSpace(observations, WORKING_SIZE, { guess }), order };
}

test("with the pack that ships, two pixels of parallax tell near from far", async () => {
  const { field, order } = await toldOf({ seed: 1, move: "sideways", parallaxPx: 2 });
  expect(field.toldBy).toBeDefined();
  expect(order(field.inverseDepthN)).toBeGreaterThan(0.8);
}, 120_000);

test("and a camera that stands, pans or zooms still tells nothing", async () => {
  for (const move of ["still", "pan", "zoom"] as const) {
    const { field } = await toldOf({ seed: 1, move, parallaxPx: 0 });
    expect(field).toMatchObject({ cameras: null, why: "no-translation" });
  }
}, 120_000);

const angleBetween = (a: ArrayLike<number>, b: ArrayLike<number>, frameCount: number) => {
  const turn = (rotationT9: ArrayLike<number>, t: number) =>
    Array.from(rotationT9).slice(9 * t, 9 * t + 9);
  const frames = Array.from({ length: frameCount }, (_, t) => t);
  return medianOf(frames.map((t) => rotationAngle(turn(a, t), turn(b, t))));
};

test("the pack that ships tells cameras in the same pass: less turned otherwise than one that only turns", async () => {
  const focalPx = focalPxOfFov(DEFAULT_FOV_DEGREES, WORKING_SIZE);
  const ratios: number[] = [];
  for (const move of ["orbit", "sideways", "forward", "walk"] as const) {
    for (const parallaxPx of [6.5, 20, 65]) {
      const scene = makeScene({ seed: 21, move, parallaxPx, moving: 0.25, focalPx });
      const { observations, cameras } = scene;
      const { frameCount, pointCount } = observations.tracks;
      const { guess } = await shippedGuess({ ...observations, size: WORKING_SIZE });
      expect(guess?.path?.translationT3).toHaveLength(3 * frameCount);
      expect(guess?.path?.wayNK3).toHaveLength(pointCount * CONTROL_POINTS * 3);
      const turned = fitTurning(observations, focalPx, cameras.centre, "turn").cameras;
      const off = (rotationT9: ArrayLike<number>) =>
        angleBetween(rotationT9, cameras.rotationT9, frameCount);
      ratios.push(off(guess?.path?.rotationT9 ?? []) / off(turned.rotationT9));
    }
  }
  expect(medianOf(ratios)).toBeLessThan(0.5);
}, 120_000);
