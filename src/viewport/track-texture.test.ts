import { expect, test, vi } from "vitest";
import { createTracks, type Tracks } from "../domain/tracks.ts";
import type { ViewportData } from "./options.ts";
import { packTracks } from "./track-texture.ts";

const POINTS = 30;
const QUERY = Float32Array.from({ length: 2 * POINTS }, (_, i) => 7 * i);

/** Points that wander, each set of them in a way of its own. */
function wandering(frames: number, way: number): Tracks {
  const tracks = createTracks(frames, POINTS);
  tracks.tracksTN2.forEach((_, i, all) => {
    all[i] = QUERY[i % (2 * POINTS)] + way * Math.sin(i + way);
  });
  tracks.visibilityTN.fill(1);
  return tracks;
}

const HISTORY = wandering(9, 1);
const dataOf = (futures: ViewportData["futures"], queryXyN2 = QUERY): ViewportData => ({
  history: HISTORY,
  futures,
  truth: undefined,
  queryXyN2,
  fps: 16,
  nowFrame: 8,
});

test("what was packed before is copied, and gives the same texture", () => {
  const [a, b, c] = [2, 3, 4].map((way) => wandering(12, way));
  const first = packTracks(dataOf([a, null, b]));
  const hypot = vi.spyOn(Math, "hypot");
  const next = packTracks(dataOf([a, c, b]), first);
  const fresh = hypot.mock.calls.length;
  // Of the one that is new: its arcs and its speeds.
  expect(fresh).toBeLessThanOrEqual(2 * 12 * POINTS);
  hypot.mockRestore();
  expect(next).toEqual(packTracks(dataOf([a, c, b])));
});

test("places in the texture may move: another slot, fewer futures, other points at “now”", () => {
  const [a, b, c] = [2, 3, 4].map((way) => wandering(12, way));
  const first = packTracks(dataOf([a, b, c]));
  for (const data of [
    dataOf([c, a]),
    dataOf([null, null, b]),
    dataOf(
      [a, b, c],
      QUERY.map((v) => v + 1),
    ),
    { ...dataOf([a]), truth: wandering(6, 5) },
  ]) {
    expect(packTracks(data, first)).toEqual(packTracks(data));
  }
});
