import { expect, test } from "vitest";
import { createTracks } from "../../../domain/tracks.ts";
import golden from "./testdata/texture-golden.json" with { type: "json" };
import { addTexture, pastTexture } from "./texture.ts";

const { frameCount, pointCount } = golden;

function goldenHistory() {
  const history = createTracks(frameCount, pointCount);
  history.tracksTN2.set(golden.history);
  history.visibilityTN.set(golden.seen);
  return history;
}

function texture(): Float32Array {
  const found = pastTexture(goldenHistory());
  if (!found) throw new Error("the golden history is long enough");
  return found;
}

test("the texture of a past is that of the evaluation", () => {
  const found = texture();
  expect(found.length).toBe(golden.texture.length);
  for (const [i, value] of golden.texture.entries()) expect(found[i]).toBeCloseTo(value, 3);
});

test("smooth motion has none, and a short past or a picture tells none", () => {
  const history = createTracks(40, 1);
  history.visibilityTN.fill(1);
  for (let t = 0; t < 40; t++) history.tracksTN2.set([3 * t, 0.1 * t * t], 2 * t);
  for (const value of pastTexture(history) ?? [1]) expect(Math.abs(value)).toBeLessThan(1e-3);
  expect(pastTexture(createTracks(19, 1))).toBeNull();
  expect(pastTexture(createTracks(1, 1))).toBeNull();
});

test("a seed gives the same rough future again, another one another, and now stays where it is", () => {
  const rough = (seed: number) => {
    const tracks = new Float32Array(81 * pointCount * 2);
    addTexture(tracks, texture(), pointCount, seed);
    return tracks;
  };
  expect(rough(7)).toEqual(rough(7));
  expect(rough(7)).not.toEqual(rough(8));
  const largest = Math.max(...texture().map(Math.abs));
  const first = rough(7).subarray(0, 2 * pointCount);
  for (const value of first) expect(Math.abs(value)).toBeLessThanOrEqual(largest / 3 + 1e-6);
});

test("a future is as rough as its past, all points at the same moments of it", () => {
  const tracks = new Float32Array(81 * pointCount * 2);
  const past = texture();
  addTexture(tracks, past, pointCount, 3);
  const stride = 2 * pointCount;
  for (let t = 3; t < 81; t++) {
    const frame = tracks.subarray(t * stride, (t + 1) * stride);
    const source = Array.from({ length: past.length / stride }, (_, k) => k).find((k) =>
      frame.every((value, i) => Math.abs(value - past[k * stride + i]) < 1e-6),
    );
    expect(source).toBeDefined();
  }
});
