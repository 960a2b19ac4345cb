import { readFileSync } from "node:fs";
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

const manifest = readFileSync("public/packs/field/manifest.json", "utf8");
const tells = manifest.includes('"control"');

test.skipIf(!tells)(
  "the pack that ships tells cameras in the same pass: less turned otherwise than one that only turns",
  async () => {
    const { observations, cameras } = makeScene({
      ...{ seed: 5, move: "orbit", parallaxPx: 20, moving: 0.25 },
      focalPx: focalPxOfFov(DEFAULT_FOV_DEGREES, WORKING_SIZE),
    });
    const { guess } = await shippedGuess({ ...observations, size: WORKING_SIZE });
    const { frameCount, pointCount } = observations.tracks;
    expect(guess?.path?.translationT3).toHaveLength(3 * frameCount);
    expect(guess?.path?.wayNK3).toHaveLength(pointCount * CONTROL_POINTS * 3);
    const { cameras: turned } = fitTurning(
      observations,
      cameras.focalPxT[0],
      cameras.centre,
      "turn",
    );
    const off = (told: ArrayLike<number>) => {
      const of = (values: ArrayLike<number>, t: number) =>
        Array.from(values).slice(9 * t, 9 * t + 9);
      const frames = Array.from({ length: frameCount }, (_, t) => t);
      return medianOf(frames.map((t) => rotationAngle(of(told, t), of(cameras.rotationT9, t))));
    };
    expect(off(guess?.path?.rotationT9 ?? [])).toBeLessThan(0.5 * off(turned.rotationT9));
  },
  120_000,
);
