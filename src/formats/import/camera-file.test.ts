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

const bytesOf = (content: string) => new TextEncoder().encode(content);
const colmap = (cameras: string, images: string) =>
  readCameraFiles([
    { name: "cameras.txt", bytes: bytesOf(cameras) },
    { name: "images.txt", bytes: bytesOf(images) },
  ]);
const TWO_IMAGES = "1 1 0 0 0 0 0 0 1 1.png\n\n2 1 0 0 0 1 0 0 2 2.png\n\n";
const LENS = "1 PINHOLE 1279 721 700 700 639.5 360.5\n";

test("lenses told for several sizes of one picture are brought to the first", () => {
  const { path, size } = colmap(`${LENS}2 PINHOLE 640 361 350 350 320 180.5\n`, TWO_IMAGES);
  expect(size).toEqual({ width: 1279, height: 721 });
  expect(path.focalPxT[0]).toBe(700);
  expect(path.focalPxT[1]).toBeCloseTo(699.45, 1);
});

test("pictures of different shapes and lenses far from straight are refused with what to do", () => {
  const portrait = `${LENS}2 PINHOLE 721 1279 700 700 360 640\n`;
  expect(() => colmap(portrait, TWO_IMAGES)).toThrow(/different shapes/);
  const fisheye = "1 OPENCV_FISHEYE 1279 721 700 700 639.5 360.5 0 0 0 0\n";
  expect(() => colmap(fisheye, TWO_IMAGES)).toThrow(/no straight lens/);
});

test("an empty line before the first picture does not make places of points cameras", () => {
  const points = "1 2 3 4 5 6 7 8 9 10 11 12";
  const images = `\n1 1 0 0 0 0 0 0 1 1.png\n${points}\n2 1 0 0 0 1 0 0 1 2.png\n${points}\n`;
  expect([...colmap(LENS, images).path.translationT3]).toEqual([0, 0, 0, 1, 0, 0]);
});

describe("transforms.json", () => {
  const at = (x: number, turn: number[][]) => [
    ...turn.map((row, i) => [...row, i === 0 ? x : 0]),
    [0, 0, 0, 1],
  ];
  const read = (turn: number[][], camera_model = "OPENCV") => {
    const frames = [
      { file_path: "f_10.png", transform_matrix: at(10, turn) },
      { file_path: "f_2.png", transform_matrix: at(2, turn) },
    ];
    const lens = { w: 1279, h: 721, fl_x: 700, fl_y: 700, cx: 639.5, cy: 360.5 };
    const file = bytesOf(JSON.stringify({ ...lens, camera_model, frames }));
    return readCameraFiles([{ name: "transforms.json", bytes: file }]).path;
  };
  const scaled = (k: number) => [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? k : 0)));

  test("frames are ordered by the numbers in their names, a scale is taken out of the turn", () => {
    const path = read(scaled(2));
    expect(path.translationT3[0]).toBe(-2);
    expect(path.translationT3[3]).toBe(-10);
    expect([...path.rotationT9.subarray(0, 9)].map(Math.abs)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  test("a matrix that mirrors or skews is refused", () => {
    const mirrored = scaled(1);
    mirrored[2][2] = -1;
    expect(() => read(mirrored)).toThrow(/no rotation/);
    const skewed = scaled(1);
    skewed[0][1] = 0.3;
    expect(() => read(skewed)).toThrow(/no rotation/);
  });

  test("a fisheye is refused", () => {
    expect(() => read(scaled(1), "OPENCV_FISHEYE")).toThrow(/no straight lens/);
  });
});

describe("what of a lens is left out is told", () => {
  const images = [1, 2].map((id) => `${id} 1 0 0 0 ${id} 0 0 ${id} frame${id}.png\n`).join("\n");
  const read = (cameras: readonly string[]) =>
    readCameraFiles([
      { name: "cameras.txt", bytes: new TextEncoder().encode(cameras.join("\n")) },
      { name: "images.txt", bytes: new TextEncoder().encode(`${images}\n`) },
    ]).notices;

  test("distortion, and centres that differ", () => {
    const straight = "1 PINHOLE 832 480 700 700 416 240";
    expect(read([straight, "2 PINHOLE 832 480 710 710 416 240"])).toEqual([]);
    expect(read([straight, "2 OPENCV 832 480 700 700 416 240 0.01 0 0 0"])[0]).toContain("bends");
    expect(read([straight, "2 SIMPLE_RADIAL 832 480 700 416 246 0"])).toEqual([
      "The first picture's optical centre stands for all; they differ by up to 6.0 px.",
    ]);
  });
});
