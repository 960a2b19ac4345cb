import { expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT, STUDIO_GRID } from "../../../domain/grid.ts";
import { createTracks, type Tracks } from "../../../domain/tracks.ts";
import { holdStanding, standingPoints } from "./standing.ts";

const nowN2 = gridQueryXyN2();
const MOVERS = 60;
const isMover = (point: number) => point < MOVERS;

/** The grid at "now"; movers go by 2 px a frame, the rest by `drift` px a frame. */
function past(frameCount: number, drift: number): Tracks {
  const history = createTracks(frameCount, POINT_COUNT);
  history.visibilityTN.fill(1);
  for (let t = 0; t < frameCount; t++) {
    for (let point = 0; point < POINT_COUNT; point++) {
      const back = (frameCount - 1 - t) * (isMover(point) ? 2 : drift);
      const at = 2 * (t * POINT_COUNT + point);
      history.tracksTN2[at] = nowN2[2 * point] - back;
      history.tracksTN2[at + 1] = nowN2[2 * point + 1];
    }
  }
  return history;
}

/** A future in which all share a drift, and movers go on. */
function future(frames: number, drift: number): Float32Array {
  const tracks = new Float32Array(frames * POINT_COUNT * 2);
  for (let t = 0; t < frames; t++) {
    for (let point = 0; point < POINT_COUNT; point++) {
      const way = (t + 1) * (drift + (isMover(point) ? 2 : 0));
      tracks[2 * (t * POINT_COUNT + point)] = nowN2[2 * point] + way;
      tracks[2 * (t * POINT_COUNT + point) + 1] = nowN2[2 * point + 1];
    }
  }
  return tracks;
}

function moved(tracks: Float32Array, point: number): number {
  const last = tracks.length - 2 * POINT_COUNT + 2 * point;
  return Math.hypot(tracks[last] - nowN2[2 * point], tracks[last + 1] - nowN2[2 * point + 1]);
}

test("points that stay under a camera that stands are told from movers", () => {
  const standing = standingPoints(past(50, 0));
  expect(standing && [...standing].map((stands) => stands === 1)).toEqual(
    Array.from({ length: POINT_COUNT }, (_, point) => !isMover(point)),
  );
});

test("a camera that moves, a short past and a picture tell of none", () => {
  expect(standingPoints(past(50, 0.5))).toBeNull();
  expect(standingPoints(past(8, 0))).toBeNull();
  expect(standingPoints(past(1, 0))).toBeNull();
});

test("a drift of the whole picture is taken out, and movers keep their own way", () => {
  const standing = standingPoints(past(50, 0));
  if (!standing) throw new Error("the camera stands");
  const tracks = future(40, 0.3);
  holdStanding(tracks, nowN2, standing, STUDIO_GRID);
  for (let point = 0; point < POINT_COUNT; point++) {
    if (isMover(point)) expect(moved(tracks, point)).toBeCloseTo(80, 0);
    else expect(moved(tracks, point)).toBeLessThan(1e-3);
  }
});

test("a standing point that starts to go goes all of its way, one that hardly moves stands", () => {
  const standing = standingPoints(past(50, 0));
  if (!standing) throw new Error("the camera stands");
  const tracks = future(40, 0);
  const last = 39 * POINT_COUNT;
  tracks[2 * (last + 200)] += 30;
  tracks[2 * (last + 210)] += 4;
  holdStanding(tracks, nowN2, standing, STUDIO_GRID);
  expect(moved(tracks, 200)).toBeCloseTo(30, 0);
  expect(moved(tracks, 210)).toBeCloseTo(0.7, 1);
});
