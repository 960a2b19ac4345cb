import fc from "fast-check";
import { expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../../../domain/grid.ts";
import { createTracks, type Tracks } from "../../../domain/tracks.ts";
import { fixtureDocument } from "../../fixture.ts";
import { MAX_DISTANCE_PX, mapToGrid } from "./map-to-grid.ts";

const grid = gridQueryXyN2();
const { history } = fixtureDocument().forecast;

function moving(points: readonly [number, number][], step: [number, number], frames = 5): Tracks {
  const tracks = createTracks(frames, points.length);
  tracks.visibilityTN.fill(1);
  points.forEach(([x, y], n) => {
    for (let t = 0; t < frames; t++) {
      const back = frames - 1 - t;
      tracks.tracksTN2.set([x - back * step[0], y - back * step[1]], 2 * (t * points.length + n));
    }
  });
  return tracks;
}

test("tracks on the grid come through unchanged, in any order", () => {
  const mapping = mapToGrid(history, grid);
  const hidden = history.visibilityTN.subarray(80 * POINT_COUNT).filter((v) => v === 0).length;
  expect(hidden).toBe(1);
  let worst = 0;
  mapping.nearestQ.forEach((n, q) => {
    if (n !== q) return;
    for (let t = 0; t < 81; t++) {
      const i = 2 * (t * POINT_COUNT + q);
      worst = Math.max(worst, Math.abs(mapping.tracks.tracksTN2[i] - history.tracksTN2[i]));
    }
  });
  expect(worst).toBeLessThan(1e-4);
  expect(mapping.nearestQ.filter((n, q) => n !== q)).toHaveLength(1); // the one hidden at "now"
});

test("a uniform motion of irregular points is every near grid point's motion", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 831 }), fc.integer({ min: 0, max: 479 })), {
        minLength: 1,
        maxLength: 40,
      }),
      fc.tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 })),
      (points, step) => {
        const mapping = mapToGrid(moving(points, step), grid);
        const { tracks, nearestQ, distanceQ } = mapping;
        expect(tracks.tracksTN2.subarray(2 * 4 * POINT_COUNT)).toEqual(grid);
        for (let q = 0; q < POINT_COUNT; q++) {
          const best = Math.min(
            ...points.map(([x, y]) => Math.hypot(x - grid[2 * q], y - grid[2 * q + 1])),
          );
          const hole = best > MAX_DISTANCE_PX;
          expect(nearestQ[q] === -1).toBe(hole);
          expect(tracks.visibilityTN[q]).toBe(hole ? 0 : 1);
          const dx = hole ? 0 : 4 * step[0];
          expect(tracks.tracksTN2[2 * q]).toBeCloseTo(grid[2 * q] - dx, 3);
          if (!hole) expect(distanceQ[q]).toBeCloseTo(best, 3);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("a hidden neighbour stops pulling, and the nearest decides what is visible", () => {
  const q: [number, number] = [grid[0], grid[1]];
  const source = moving(
    [
      [q[0] + 2, q[1]],
      [q[0] - 4, q[1]],
    ],
    [1, 0],
    2,
  );
  // In frame 0 the nearest track is lost, far off; the other still moves by 1.
  source.tracksTN2.set([900, 900], 0);
  source.visibilityTN[0] = 0;
  const { tracks } = mapToGrid(source, Float32Array.of(...q));
  expect([...tracks.tracksTN2.slice(0, 2)]).toEqual([q[0] - 1, q[1]]);
  expect([...tracks.visibilityTN]).toEqual([0, 1]);
});

test("tracks hidden at now are no source, and none at all is an error", () => {
  const source = moving([[16, 16]], [1, 1]);
  source.visibilityTN[4] = 0;
  expect(() => mapToGrid(source, grid)).toThrow(/No imported track/);
  expect(mapToGrid(source, grid, 3).holes).toBeLessThan(POINT_COUNT);
  expect(() => mapToGrid(source, grid, 5)).toThrow(/Frame 5/);
});

test("with the first frame as reference the points start on the grid and go on from there", () => {
  const { tracks } = mapToGrid(moving([[16, 16]], [2, -1]), grid, 0);
  expect(tracks.frameCount).toBe(5);
  expect([...tracks.tracksTN2.slice(0, 2)]).toEqual([16, 16]);
  expect([...tracks.tracksTN2.slice(8 * POINT_COUNT, 8 * POINT_COUNT + 2)]).toEqual([24, 12]);
});
