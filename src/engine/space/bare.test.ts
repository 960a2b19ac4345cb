import { expect, test } from "vitest";
import { MOVING, STATIC, UNKNOWN } from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { estimateSpace } from "./estimate.ts";
import { makeScene, type SceneRequest } from "./testing.ts";

const SIZE = { width: 832, height: 480 };
const TEXTURED = 100;

/** A scene in which tracks of the lower two thirds stand still in the picture, as those of bare asphalt do. */
function bareGround(request: Partial<SceneRequest> = {}) {
  const scene = makeScene({ seed: 3, move: "forward", parallaxPx: 65, ...request });
  const { tracks, anchorFrame } = scene.observations;
  const { frameCount, pointCount, tracksTN2 } = tracks;
  const textureN = new Float32Array(pointCount).fill(TEXTURED);
  for (let n = 0; n < pointCount; n++) {
    const a = 2 * (anchorFrame * pointCount + n);
    const [x, y] = [tracksTN2[a], tracksTN2[a + 1]];
    if (y < SIZE.height / 3 || x < 100 || x > 732) continue;
    textureN[n] = 0;
    for (let t = 0; t < frameCount; t++) tracksTN2.set([x, y], 2 * (t * pointCount + n));
  }
  return { scene, textureN, bare: [...textureN.keys()].filter((n) => textureN[n] === 0) };
}

function absRel(truth: ArrayLike<number>, told: ArrayLike<number>, points: readonly number[]) {
  const ratios = points.map((n) => truth[n] / told[n]);
  const scale = medianOf(ratios);
  return medianOf(ratios.map((ratio) => Math.abs(ratio / scale - 1)));
}

test("bare ground whose tracks stand still does not hide that the camera drives on, and gets no depth of its own", () => {
  const { scene, textureN, bare } = bareGround();
  const alone = estimateSpace(scene.observations, SIZE, { focalPx: 700 });
  const { cameras, stateN, inverseDepthN, parallaxPx } = estimateSpace(
    { ...scene.observations, textureN },
    SIZE,
    { focalPx: 700 },
  );
  const held = [...stateN.keys()].filter((n) => textureN[n] > 0 && stateN[n] === STATIC);
  expect(held.length).toBeGreaterThan(0.8 * (textureN.length - bare.length));
  expect(absRel(scene.inverseDepthN, inverseDepthN, held)).toBeLessThan(0.05);
  expect(parallaxPx).toBeGreaterThan(30);
  expect(cameras?.frameCount).toBe(21);
  expect(bare.filter((n) => stateN[n] === MOVING)).toEqual([]);
  expect(bare.filter((n) => stateN[n] === UNKNOWN).length).toBeGreaterThan(0.9 * bare.length);
  const before = [...alone.stateN.keys()].filter(
    (n) => textureN[n] > 0 && alone.stateN[n] === STATIC,
  );
  expect(held.length).toBeGreaterThan(before.length);
});

test("a still camera stays unknown, however little texture its background has", () => {
  const { scene, textureN } = bareGround({ move: "still", parallaxPx: 0, moving: 0.25 });
  const { cameras, why } = estimateSpace({ ...scene.observations, textureN }, SIZE, {
    focalPx: 700,
  });
  expect(cameras).toBeNull();
  expect(why).toBe("no-translation");
});

test("bare points whose tracks fit the scene around them are told as before", () => {
  const scene = makeScene({ seed: 3, move: "sideways", parallaxPx: 20 });
  const textureN = Float32Array.from(scene.inverseDepthN, (_, n) => (n % 2 ? 0 : TEXTURED));
  const alone = estimateSpace(scene.observations, SIZE, { focalPx: 700 });
  const { stateN } = estimateSpace({ ...scene.observations, textureN }, SIZE, { focalPx: 700 });
  const still = (states: Uint8Array) => states.filter((state) => state === STATIC).length;
  expect(still(stateN)).toBeGreaterThan(0.95 * still(alone.stateN));
});

test("where hardly anything holds, or nothing is known of it, all points are asked", () => {
  const scene = makeScene({ seed: 3, move: "sideways", parallaxPx: 20 });
  const textureN = Float32Array.from(scene.inverseDepthN, (_, n) => (n < 20 ? TEXTURED : 0));
  const told = estimateSpace({ ...scene.observations, textureN }, SIZE, { focalPx: 700 });
  expect(told).toEqual(estimateSpace(scene.observations, SIZE, { focalPx: 700 }));
});
