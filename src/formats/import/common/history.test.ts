import { expect, test } from "vitest";
import { createTracks } from "../../../domain/tracks.ts";
import { historyFromTracks } from "./history.ts";

/** One point at 100 + 60 px a second · t, hidden in source frame 3. */
function source(frames: number, fps: number) {
  const tracks = createTracks(frames, 1);
  tracks.visibilityTN.fill(1);
  tracks.visibilityTN[3] = 0;
  for (let t = 0; t < frames; t++) tracks.tracksTN2.set([100 + (60 * t) / fps, 50], 2 * t);
  return tracks;
}

test("tracks of another rate become working frames that end at now", () => {
  const query = Float32Array.of(130, 50);
  const timing = { sourceFps: 30, firstSecs: 2, nowSecs: 2.5, workingFps: 24 };
  const { tracks } = historyFromTracks(source(40, 30), timing, query);
  expect(tracks.frameCount).toBe(13);
  tracks.visibilityTN.forEach((_, t) => {
    expect(tracks.tracksTN2[2 * t]).toBeCloseTo(130 - ((12 - t) * 60) / 24, 4);
  });
  // Working frames 2 and 3 lie at source frames 2.5 and 3.75, beside the hidden one.
  expect([...tracks.visibilityTN.slice(0, 5)]).toEqual([1, 1, 0, 0, 1]);
});

test("at the same rate frames are taken as they are, at most 81", () => {
  const timing = { sourceFps: 24, firstSecs: 0, nowSecs: 99 / 24, workingFps: 24 };
  const tracks = source(120, 24);
  const history = historyFromTracks(tracks, timing, tracks.tracksTN2.slice(198, 200)).tracks;
  expect(history.frameCount).toBe(81);
  expect(history.tracksTN2).toEqual(tracks.tracksTN2.slice(38, 200));
});

test("tracks that do not reach now are refused with their times", () => {
  const timing = { sourceFps: 10, firstSecs: 1, nowSecs: 9, workingFps: 24 };
  expect(() => historyFromTracks(source(20, 10), timing, Float32Array.of(1, 1))).toThrow(
    /1\.00 to 2\.90 s, and “now” is at 9\.00 s/,
  );
});
