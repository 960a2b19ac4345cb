import { expect, test } from "vitest";
import { gridQueryXyN2, STUDIO_GRID } from "../../domain/grid.ts";
import type { FinerCells } from "../../domain/latent.ts";
import { createTracks } from "../../domain/tracks.ts";
import { coarsePoints, finerGrid, finerTracks, refined } from "./finer.ts";

const { rows, columns } = STUDIO_GRID;
const FACTOR = 2;
const COUNT = rows * columns * FACTOR * FACTOR;

/** Every fine cell takes one neighbour of its cell: `at` of a fine cell, 0 to 8. */
function taking(at: (m: number) => number): FinerCells {
  const weights9M = new Float32Array(9 * COUNT);
  for (let m = 0; m < COUNT; m++) weights9M[at(m) * COUNT + m] = 1;
  return { factor: FACTOR, weights9M };
}

test("a fine cell takes what its weights name, and at the picture's edge the edge again", () => {
  const values = Float32Array.from({ length: rows * columns }, (_, n) => n);
  const own = refined(
    values,
    1,
    taking(() => 4),
    STUDIO_GRID,
  );
  expect([...own]).toEqual([...coarsePoints(FACTOR, STUDIO_GRID)]);
  const left = refined(
    values,
    1,
    taking(() => 3),
    STUDIO_GRID,
  );
  expect(left[0]).toBe(0);
  expect(left[2]).toBe(0);
  expect(left[4]).toBe(1);
  const below = refined(
    values,
    1,
    taking(() => 7),
    STUDIO_GRID,
  );
  expect(below[0]).toBe(columns);
  expect(below.at(-1)).toBe(rows * columns - 1);
});

test("finer points start on their own cells and go where their cell goes", () => {
  const tracks = createTracks(2, rows * columns);
  const start = gridQueryXyN2();
  // Point 30 goes right by 10 px, then out of the frame; all else stays.
  for (let t = 0; t < 2; t++) tracks.tracksTN2.set(start, t * start.length);
  tracks.tracksTN2[2 * 30] += 10;
  tracks.tracksTN2[start.length + 2 * 30] += 2000;
  tracks.visibilityTN.fill(1);
  const fine = finerTracks(
    tracks,
    taking(() => 4),
    STUDIO_GRID,
  );
  const fineStart = gridQueryXyN2("cell-centre", finerGrid(STUDIO_GRID, FACTOR));
  const moved = [...coarsePoints(FACTOR, STUDIO_GRID).entries()].filter(([, n]) => n === 30);
  expect(moved).toHaveLength(4);
  for (const [m] of moved) {
    expect(fine.tracksTN2[2 * m]).toBe(fineStart[2 * m] + 10);
    expect(fine.visibilityTN[m]).toBe(1);
    expect(fine.visibilityTN[COUNT + m]).toBe(0);
  }
  const rest = fine.tracksTN2.slice(0, 2 * COUNT).filter((v, i) => v !== fineStart[i]);
  expect(rest).toHaveLength(4);
});
