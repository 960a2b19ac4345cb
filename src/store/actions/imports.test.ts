import { beforeEach, expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { type PackGeometry, STUDIO_GEOMETRY } from "../../domain/pack/geometry.ts";
import { createTracks } from "../../domain/tracks.ts";
import { readDocument, writeDocument } from "../../formats/document/document.ts";
import { forecastOf } from "../forecastOf.ts";
import { type Studio, selectClip } from "../studio.ts";
import { type Asked, fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { forecast, resample } from "./forecast.ts";
import { adoptTracks, dropImport, importedHistory, selectHistoryFrames } from "./imports.ts";
import { restoreForecast } from "./restore.ts";
import { reworkClip } from "./rework.ts";
import { setNow } from "./transport.ts";

let studio: Studio;
const grid = gridQueryXyN2();
let asked: Asked;

beforeEach(async () => {
  ({ studio, asked } = fakeStudio());
  await openClip(studio, new File(["a clip"], "made.mp4"));
});

const present = () => studio.state.history.present;

/** One track a grid point, 2 px a frame to the right, on the grid in frame 49. */
function moving(frameCount = 100) {
  const tracks = createTracks(frameCount, POINT_COUNT);
  tracks.visibilityTN.fill(1);
  tracks.tracksTN2.forEach((_, i) => {
    const t = Math.floor(i / (2 * POINT_COUNT));
    tracks.tracksTN2[i] = grid[i % grid.length] + (i % 2 === 0 ? 2 * (t - 49) : 0);
  });
  return tracks;
}

const adopt = (frameCount?: number) =>
  adoptTracks(studio, {
    tracks: moving(frameCount),
    fileName: "tapir.npz",
    fps: 16,
    firstSecs: 0,
    nowIndex: 49,
  });

/** x of grid point 5 in the first frame of the past that the model last saw, beside the grid's. */
function firstStep(): number {
  const { history } = asked.requests[asked.requests.length - 1].inputs;
  return (history?.tracksTN2[10] ?? Number.NaN) - grid[10];
}

test("imported tracks stand in for the tracker, in Resample too, until they are dropped", async () => {
  await forecast(studio);
  await expect.poll(() => studio.state.truthRevision).toBe(1);
  const own = present();
  adopt();
  expect(present().imported?.fileName).toBe("tapir.npz");
  expect(selectHistoryFrames(studio.state)).toBe(50);
  expect(present().slots).toBe(own.slots);
  await forecast(studio);
  expect(asked.requests[1].inputs.history?.frameCount).toBe(50);
  expect(firstStep()).toBe(-98);
  await resample(studio);
  expect(firstStep()).toBe(-98);
  expect(present().origin?.imported?.fileName).toBe("tapir.npz");
  dropImport(studio);
  await forecast(studio);
  expect(firstStep()).toBe(0);
  expect(present().origin?.imported).toBeUndefined();
  for (let i = 0; i < 5; i++) studio.state.undo();
  expect(present()).toBe(own);
  expect(present().imported).toBeNull();
});

test("a model that starts on the grid gets them on it in the first frame of the past", () => {
  adopt();
  const clip = selectClip(studio.state);
  const { imported } = present();
  if (!clip || !imported) throw new Error("nothing imported");
  const geometry: PackGeometry = {
    ...STUDIO_GEOMETRY,
    referenceFrame: "first-history",
    anchor: "cell-corner",
  };
  const past = importedHistory(studio, clip, 49, imported, geometry, "made@49:first~1");
  const corners = gridQueryXyN2("cell-corner");
  expect(past.referenceFrame).toBe("first-history");
  expect(past.history.tracksTN2.slice(0, corners.length)).toEqual(corners);
  expect(past.queryXyN2[0]).toBeCloseTo(corners[0] + 98, 4);
});

test("now moves with them, and off their end it is refused with both times", async () => {
  adopt(60);
  setNow(studio, 30);
  await forecast(studio);
  expect(asked.requests[0].inputs.history?.frameCount).toBe(31);
  setNow(studio, 80);
  const before = present();
  await forecast(studio);
  expect(studio.state.notice?.message).toBe(
    "The tracks cover 0.00 to 3.69 s, and “now” is at 5.00 s",
  );
  expect(studio.state.phase).toBe("idle");
  expect(present()).toBe(before);
});

test("the saved forecast names the file and brings its tracks back", async () => {
  adopt();
  await forecast(studio);
  const { origin, slots } = present();
  const made = forecastOf(studio, present(), slots, "sampled");
  if (!made || !origin) throw new Error("no forecast");
  const bytes = writeDocument({ forecast: made, clip: origin.clip });
  expect(readDocument(bytes).document.forecast.importedFrom).toBe("tapir.npz");
  studio.state.edit((document) => ({ ...document, imported: null, origin: null, slots: [] }));
  await restoreForecast(studio, new File([bytes as Uint8Array<ArrayBuffer>], "forecast.json"));
  expect(present().imported?.fileName).toBe("tapir.npz");
  await resample(studio);
  expect(firstStep()).toBe(-98);
  setNow(studio, 40);
  await forecast(studio);
  expect(asked.requests[asked.requests.length - 1].inputs.history?.frameCount).toBe(41);
  expect(studio.state.status).toBe("Forecast ready");
});

test("another rate keeps them, another crop and another clip do not", async () => {
  adopt();
  await reworkClip(studio, { rate: 8, fit: "cover" });
  expect(present().imported?.fileName).toBe("tapir.npz");
  await reworkClip(studio, { rate: 8, fit: "letterbox" });
  expect(present().imported).toBeNull();
  expect(studio.state.notice?.message).toContain("tapir.npz");
  studio.state.undo();
  expect(present().imported?.fileName).toBe("tapir.npz");
  await openClip(studio, new File(["other"], "other.mp4"));
  expect(present().imported).toBeNull();
});

test("undo holds no more than four imports", () => {
  for (let i = 0; i < 9; i++) adopt(60);
  expect(studio.bulk.imports.size).toBe(4);
  studio.state.undo();
  expect(studio.bulk.imports.has(present().imported?.id ?? "")).toBe(true);
});

test("tracks that no step of undo can reach are let go", () => {
  adopt();
  studio.state.undo();
  expect(studio.bulk.imports.size).toBe(1);
  setNow(studio, 10);
  expect(studio.bulk.imports.size).toBe(0);
});
