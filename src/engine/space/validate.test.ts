import { expect, it } from "vitest";
import { MOVING } from "../../domain/space-field.ts";
import { estimateSpace } from "./estimate.ts";
import { makeScene } from "./testing.ts";
import { judgeHeldOut } from "./validate.ts";

const SIZE = { width: 832, height: 480 };

it("held-out tracks and frames tell a relief from one plane a frame, and halves agree", async () => {
  const scene = makeScene({ seed: 3, move: "walk", parallaxPx: 65, moving: 0.15, frameCount: 41 });
  const judged = await judgeHeldOut(scene.observations, SIZE);
  if (!judged) throw new Error("nothing known");
  expect(judged.errorPx).toBeLessThan(0.5);
  expect(judged.errorPx).toBeLessThan(0.7 * judged.homographyPx);
  expect(judged.halvesAbsRel).toBeLessThan(0.1);
});

it("halves of which one has no still point agree in nothing, and are no end of the report", async () => {
  const { observations } = makeScene({ seed: 3, move: "walk", parallaxPx: 65, frameCount: 41 });
  let asked = 0;
  const judged = await judgeHeldOut(observations, SIZE, (half) => {
    const field = estimateSpace(half, SIZE);
    return ++asked === 1 ? field : { ...field, stateN: field.stateN.map(() => MOVING) };
  });
  expect(judged?.errorPx).toBeLessThan(0.5);
  expect(judged?.halvesAbsRel).toBeNaN();
});
