import { expect, test } from "vitest";
import type { Exploration } from "../domain/exploration.ts";
import type { Future } from "../domain/forecast.ts";
import { gridQueryXyN2 } from "../domain/grid.ts";
import { createTracks } from "../domain/tracks.ts";
import { leftMover } from "../engine/exploration/testing.ts";
import { exportForecast } from "../formats/export/common/run.ts";
import { openClip } from "./actions/clip.ts";
import { forecast } from "./actions/forecast.ts";
import { pickedMask } from "./actions/picked-mask.ts";
import { finerFactors, finerForecastOf, hasFinerCells } from "./finer.ts";
import { forecastOf } from "./forecastOf.ts";
import { selectDocument } from "./studio.ts";
import { fakeStudio } from "./testing.ts";

/** Within each cell the right fine cells rest, taking what lies two cells up, and the left ones go along. */
function sharpCells() {
  const weights9M = new Float32Array(9 * 1560);
  for (let m = 0; m < 1560; m++) weights9M[(m % 2 === 0 ? 4 : 1) * 1560 + m] = 1;
  return { factor: 2, weights9M };
}

/** One future of a picture: row 7 goes right by 3 px a frame. */
async function studioOfPicture() {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "made.mp4"));
  studio.state.edit((document) => ({ ...document, futureCount: 1 }));
  await forecast(studio);
  const [slot] = selectDocument(studio.state).slots;
  const tracks = createTracks(81, 390);
  const start = gridQueryXyN2();
  for (let i = 0; i < tracks.tracksTN2.length; i++) {
    const n = (i >> 1) % 390;
    const t = Math.floor(i / 780) + 1;
    const moves = i % 2 === 0 && Math.floor(n / 26) === 7;
    tracks.tracksTN2[i] = start[i % 780] + (moves ? 3 * t : 0);
  }
  tracks.visibilityTN.fill(1);
  const latent = { z: [0, 0, 0, 0], picture: leftMover().picture };
  const future: Future = { seed: slot.seed, tracks, latent };
  studio.bulk.futures.set(slot.futureId ?? "", future);
  const look = () => {
    const sight = { ...leftMover(), finer: [sharpCells()] };
    studio.bulk.explorations.set("x", { sight } as unknown as Exploration);
  };
  return { studio, future, look };
}

test("a picture that was looked at gives its futures on finer cells, to be exported like others", async () => {
  const { studio, future, look } = await studioOfPicture();
  expect(hasFinerCells(studio)).toBe(false);
  expect(finerFactors(studio, [future])).toEqual([]);
  look();
  expect(hasFinerCells(studio)).toBe(true);
  const { seed, tracks } = future;
  expect(finerFactors(studio, [future, { seed, tracks }])).toEqual([]);
  expect(finerFactors(studio, [future])).toEqual([2]);
  const document = selectDocument(studio.state);
  const made = forecastOf(studio, document, document.slots, "sampled");
  if (!made) throw new Error("no forecast");
  const fine = finerForecastOf(studio, made, 2);
  expect(fine.history.pointCount).toBe(1560);
  const clip = { name: "p.jpg", displaySize: { width: 832, height: 480 }, fit: "cover" } as const;
  const { bytes } = exportForecast({ forecast: fine, clip }, "comfyui-wanmove");
  const written = JSON.parse(new TextDecoder().decode(bytes)) as unknown[][];
  expect(written).toHaveLength(1560);
  expect(written[0]).toHaveLength(81);
});

test("a mask of what moves together follows the finest cells; without them the grid's", async () => {
  const { studio, look } = await studioOfPicture();
  expect(() => pickedMask(studio)).toThrow("No points are picked");
  studio.state.setView({ selectedPoints: [7 * 26 + 12] });
  const coarse = pickedMask(studio);
  expect(coarse.grid.columns).toBe(26);
  const inside = (mask: Uint8Array) => [...mask.keys()].filter((m) => mask[m]);
  expect(inside(coarse.insideM)).toEqual(Array.from({ length: 26 }, (_, x) => 7 * 26 + x));
  look();
  const fine = pickedMask(studio);
  expect(fine.grid).toMatchObject({ rows: 30, columns: 52 });
  // Row 7 on the left halves of its cells, and row 8 on the right halves, which take from above.
  const rows = new Set(inside(fine.insideM).map((m) => Math.floor(m / 52)));
  expect([...rows]).toEqual([14, 15, 16, 17]);
  expect(inside(fine.insideM)).toHaveLength(4 * 26);
});
