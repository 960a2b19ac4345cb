import { expect, test } from "vitest";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { rankCorrelation } from "../../engine/metrics/rank-correlation.ts";
import { estimateSpace } from "../../engine/space/estimate.ts";
import { makeScene, type SceneRequest } from "../../engine/space/testing.ts";
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
