import { expect, it } from "vitest";
import { CONTROL_POINTS, curvePoint } from "../../domain/curve-basis.ts";
import { MOVING } from "../../domain/space-field.ts";
import { pickGuess } from "./bare.ts";
import { meetsTracks, onePass, type PassGuess, tellsPath } from "./one-pass.ts";
import { fitCurves } from "./spline.ts";
import { makeScene, type Scene } from "./testing.ts";

const CENTRE = [415.5, 239.5] as const;

/** A network that knows the truth, in a unit of its own. */
function told({ observations, cameras, inverseDepthN, movingN, wayTN3 }: Scene): PassGuess {
  const { frameCount, pointCount } = observations.tracks;
  const weightTN = new Float32Array(frameCount * pointCount).fill(1);
  return {
    inverseDepthN: Float32Array.from(inverseDepthN, (rho, n) => rho * (n % 2 ? 1.5 : 2.5)),
    sigmaLogN: new Float32Array(pointCount).fill(0.1),
    movingN: Float32Array.from(movingN),
    path: {
      metDepthN: Float32Array.from(inverseDepthN, (rho) => 2 * rho),
      rotationT9: Float32Array.from(cameras.rotationT9),
      translationT3: Float32Array.from(cameras.translationT3, (t) => t / 2),
      wayNK3: fitCurves(wayTN3, weightTN, frameCount, 3).controlNKD,
    },
  };
}

const scene = makeScene({ seed: 4, move: "walk", parallaxPx: 20, moving: 0.25, noisePx: 0 });

it("cameras and depths of one pass meet the tracks that they are of, in median depths", () => {
  const { field } = onePass(scene.observations, told(scene), 700, CENTRE);
  expect(field).toMatchObject({ why: null, toldBy: "network", anchorFrame: 20 });
  expect(field.parallaxPx).toBeCloseTo(20, 0);
  const still = [...scene.movingN.keys()].filter((n) => !scene.movingN[n]);
  for (const n of still) expect(field.residualPxN[n]).toBeLessThan(0.01);
  for (const [n, moves] of scene.movingN.entries()) {
    if (moves) expect(field.stateN[n]).toBe(MOVING);
  }
  expect(meetsTracks(field)).toBe(true);
  const off = { ...field, residualPxN: field.residualPxN.map((px) => px + 2) };
  expect(meetsTracks(off)).toBe(false);
  const scale = field.inverseDepthN[still[0]] / scene.inverseDepthN[still[0]];
  expect(field.cameras?.translationT3[0]).toBeCloseTo(scene.cameras.translationT3[0] / scale, 4);
});

it("its curves go where the points go: movers along their way, the others nowhere", () => {
  const { field, curves } = onePass(scene.observations, told(scene), 700, CENTRE);
  expect(curves.controlCount).toBe(CONTROL_POINTS);
  const size = 3 * CONTROL_POINTS;
  for (const [n, moves] of scene.movingN.entries()) {
    const own = curves.controlNK3.subarray(n * size, (n + 1) * size);
    const [start, end] = [0, 1].map((t) => curvePoint("smooth", own, 3, t));
    const gone = start.map((x, c) => (x - end[c]) * field.inverseDepthN[n]);
    const way = scene.wayTN3.subarray(3 * n, 3 * n + 3);
    for (let c = 0; c < 3; c++) expect(gone[c]).toBeCloseTo(moves ? way[c] : 0, 3);
  }
});

it("a pack of depth alone tells no path; of fewer points their own ways are kept", () => {
  const guess = told(scene);
  const { path, ...depth } = guess;
  expect(tellsPath(depth)).toBe(false);
  expect(pickGuess(depth, [3]).path).toBeUndefined();
  const picked = pickGuess(guess, [7, 30]);
  expect(tellsPath(picked)).toBe(true);
  expect(picked.path?.translationT3).toEqual(path.translationT3);
  expect([...(picked.path?.wayNK3 ?? [])]).toEqual([
    ...path.wayNK3.subarray(7 * 48, 8 * 48),
    ...path.wayNK3.subarray(30 * 48, 31 * 48),
  ]);
});
