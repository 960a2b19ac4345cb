import { beforeAll, describe, expect, test } from "vitest";
import { FormatError } from "../../domain/errors.ts";
import { MOVING, STATIC } from "../../domain/space-field.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { mutate } from "../damage.ts";
import type { ForecastDocument } from "../document/types.ts";
import { exportForecast } from "../export/common/run.ts";
import { sceneDocument } from "../fixture-space.ts";
import { placeCameraFile, readCameraFiles } from "./camera-file.ts";

const ASKED = { size: WORKING_SIZE, columns: 26, rows: 15 };
let document: ForecastDocument;

beforeAll(async () => {
  const scene = sceneDocument();
  const { history, queryXyN2 } = scene.forecast;
  const request = { tracks: history, anchorFrame: history.frameCount - 1, ...ASKED };
  const { field, curves } = await reliefEstimator.estimate(request);
  document = { ...scene, space: { field, queryXyN2, curves, lifted: [] } };
}, 120_000);

/** The files of an export at another size than the working frame's. */
const filesOf = (format: string) =>
  exportForecast(document, format, { segment: "past", size: { width: 1664, height: 960 } }).files ??
  [];

describe.each(["colmap", "nerfstudio"])("cameras of %s", (format) => {
  test("come back within rounding, and the tracks tell the same relief under them", async () => {
    const { field } = document.space ?? {};
    const { history } = document.forecast;
    if (!field?.cameras) throw new Error("nothing known");
    const read = readCameraFiles(filesOf(format));
    const cameras = placeCameraFile(read, "cover");
    expect(read.path.frameCount).toBe(31);
    cameras.rotationT9.forEach((value, i) => {
      expect(value).toBeCloseTo(field.cameras?.rotationT9[i] ?? Number.NaN, 5);
    });
    expect(cameras.focalPxT[0]).toBeCloseTo(field.focal.px, 2);
    expect(cameras.centre[0]).toBeCloseTo(415.5, 3);
    const again = await reliefEstimator.estimate({
      ...{ tracks: history, anchorFrame: 30, cameras },
      ...ASKED,
    });
    const still = [...field.stateN.keys()].filter((n) => field.stateN[n] === STATIC);
    const ratios = still.map((n) => again.field.inverseDepthN[n] / field.inverseDepthN[n]);
    const middle = ratios.slice().sort((a, b) => a - b)[ratios.length >> 1];
    const errors = ratios.map((ratio) => Math.abs(ratio / middle - 1)).sort((a, b) => a - b);
    expect(errors[Math.floor(0.9 * errors.length)]).toBeLessThan(0.02);
    const moving = [...field.stateN.keys()].filter((n) => field.stateN[n] === MOVING);
    const same = moving.filter((n) => again.field.stateN[n] === MOVING).length;
    expect(same).toBeGreaterThan(0.9 * moving.length);
  }, 60_000);

  test("damaged copies give cameras or a typed error", () => {
    const files = filesOf(format).filter(({ name }) => !/points3D|ply/.test(name));
    for (let seed = 0; seed < 300; seed++) {
      const damaged = files.map(({ name, bytes }, i) => ({
        name,
        bytes: i === seed % files.length ? mutate(bytes, seed) : bytes,
      }));
      try {
        const { path } = readCameraFiles(damaged);
        expect(path.focalPxT.every((focal) => focal > 0)).toBe(true);
      } catch (error) {
        if (!(error instanceof FormatError)) throw new Error(`seed ${seed}`, { cause: error });
        expect(error.remedy).not.toBe("");
      }
    }
  }, 60_000);
});

test("other files are refused with what to open", () => {
  const files = [{ name: "images.txt", bytes: new Uint8Array() }];
  expect(() => readCameraFiles(files)).toThrow(/no cameras/);
});
