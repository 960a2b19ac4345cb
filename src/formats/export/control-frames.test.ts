import { unzlibSync } from "fflate";
import { expect, test } from "vitest";
import { FIXTURE, fixtureDocument } from "../fixture.ts";
import { exportForecast, movingPicture, previewExport } from "./common/run.ts";
import { drawnColour } from "./common/track-colours.ts";

const document = fixtureDocument();

/** Pixels of one of our PNG files: 8 bits RGB, rows without filter. */
function pixels(png: Uint8Array, width: number): (x: number, y: number) => number[] {
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  const start = 8 + 25;
  const rows = unzlibSync(png.subarray(start + 8, start + 8 + view.getUint32(start)));
  return (x, y) => [...rows.subarray(y * (3 * width + 1) + 1 + 3 * x).subarray(0, 3)];
}

test("a picture a frame, a mark where each point is seen, nothing where it is hidden", () => {
  const points = [FIXTURE.occluded];
  const { files } = exportForecast(document, "control-frames", { points });
  const { tracks } = previewExport(document, "control-frames", { points });
  expect(files?.map(({ name }) => name).slice(0, 2)).toEqual(["0001.png", "0002.png"]);
  expect(files).toHaveLength(81);
  for (const t of [0, 30, 40, 60]) {
    const at = pixels(files?.[t].bytes ?? new Uint8Array(), 832);
    const [x, y] = [...tracks.tracksTN2.subarray(2 * t, 2 * t + 2)].map(Math.round);
    const hidden = t >= 31 && t <= 50;
    expect(at(x, y)).toEqual(hidden ? [0, 0, 0] : [...drawnColour(FIXTURE.occluded)]);
    expect(at(x + 40, y)).toEqual([0, 0, 0]);
  }
});

test("boxes have corners and white is white", () => {
  const options = { points: [FIXTURE.asymmetric], frames: 1 };
  const corner = (look: string) => {
    const choices = { look, colours: "white" };
    const picture = movingPicture(document, "control-frames", { ...options, choices });
    const rgba = new Uint8ClampedArray(4 * 832 * 480);
    picture?.draw(0, rgba);
    return rgba[4 * ((176 + 4) * 832 + 208 + 4)];
  };
  expect([corner("boxes"), corner("dots")]).toEqual([255, 0]);
});

test("points next to each other have colours that are far apart", () => {
  for (let id = 0; id < 389; id++) {
    const [a, b] = [drawnColour(id), drawnColour(id + 1)];
    expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(120);
  }
  expect(movingPicture(document, "csv")).toBeNull();
});
