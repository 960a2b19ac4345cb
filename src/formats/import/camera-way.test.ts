import { describe, expect, test } from "vitest";
import { cameraOf, withMove } from "../../domain/edits/camera.ts";
import { keysOfPinhole } from "../../domain/edits/camera-keys.ts";
import { assumedRelief, defaultAssumed } from "../../domain/edits/depth.ts";
import { eyeOf } from "../../domain/pinhole.ts";
import { inverseDepthAt } from "../../domain/relief.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { cameraWish } from "../../engine/edits/camera/wish.ts";
import { exportForecast } from "../export/common/run.ts";
import { fixtureDocument } from "../fixture.ts";
import { fixtureSpace } from "../fixture-space.ts";
import { isCameraWay, readCameraWay } from "./camera-way.ts";

const example = fixtureDocument();
const space = fixtureSpace(example.forecast, [3, 4]);
const document = { ...example, space };
const known = space.field.cameras;
if (!known) throw new Error("the fixture has cameras");

const assumed = defaultAssumed(WORKING_SIZE);
const pivot = [300, 400] as const;

/** What a camera edit does that goes the way of the files. */
function wished(files: Parameters<typeof readCameraWay>[0], travel = 1) {
  const { path, medianDepth } = readCameraWay(files);
  const frames = path.frameCount - 1;
  const edit = withMove(cameraOf({ id: "c", name: "C" }, "pan", pivot, assumed, frames), "keys");
  const depth = 1 / inverseDepthAt(assumedRelief(assumed, WORKING_SIZE), WORKING_SIZE, ...pivot);
  const keys = keysOfPinhole(path, edit, (medianDepth ?? 1) * depth);
  const wish = cameraWish([{ ...edit, keys, travel }], frames, WORKING_SIZE);
  if (!wish) throw new Error("no camera");
  return { ...wish.path, medianDepth };
}

describe.each([
  { format: "colmap", extension: ".txt" },
  { format: "nerfstudio", extension: ".json" },
  { format: "tracks-3d", extension: ".npz" },
])("the camera of another clip, out of $format", ({ format, extension }) => {
  const { files, bytes, fileName } = written(format);
  const given = (files ?? [{ name: fileName, bytes }]).filter(({ name }) =>
    name.endsWith(extension),
  );

  test("is the wish of an edit, frame by frame, from its first frame on", () => {
    expect(isCameraWay(given)).toBe(true);
    const told = wished(given);
    const unit = told.medianDepth ?? 1;
    expect(told.frameCount).toBe(known.frameCount - 1);
    // As a path whose first frame stands at the origin.
    const back = known.rotationT9.subarray(0, 9);
    const from = eyeOf(known, 0);
    for (let t = 1; t < known.frameCount; t++) {
      const eye = eyeOf(known, t).map((value, c) => value - from[c]);
      const own = eyeOf(told, t - 1);
      for (let row = 0; row < 3; row++) {
        const way = [0, 1, 2].reduce((sum, c) => sum + back[3 * row + c] * eye[c], 0);
        expect(own[row]).toBeCloseTo(way / unit, 3);
        for (let column = 0; column < 3; column++) {
          const turn = [0, 1, 2].reduce(
            (sum, c) => sum + known.rotationT9[9 * t + 3 * row + c] * back[3 * column + c],
            0,
          );
          expect(told.rotationT9[9 * (t - 1) + 3 * row + column]).toBeCloseTo(turn, 4);
        }
      }
    }
  });

  test("goes as many times as far as “travel” says", () => {
    const last = known.frameCount - 2;
    const [once, twice] = [wished(given), wished(given, 2)].map((path) => eyeOf(path, last));
    once.forEach((value, c) => {
      expect(twice[c]).toBeCloseTo(2 * value, 4);
    });
  });
});

function written(format: string) {
  return exportForecast(document, format, { segment: "past" });
}

test("a saved forecast is none of these, and an npz without a camera is refused with what to open", () => {
  const json = new TextEncoder().encode('{"schema":"foretrack-forecast"}');
  expect(isCameraWay([{ name: "forecast.json", bytes: json }])).toBe(false);
  const { bytes } = exportForecast(document, "tapvid", { segment: "past" });
  expect(() => readCameraWay([{ name: "tracks.npz", bytes }])).toThrow(
    "tracks.npz holds no camera",
  );
});
