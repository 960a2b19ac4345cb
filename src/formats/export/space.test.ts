import { describe, expect, test } from "vitest";
import { basisAt } from "../../domain/curve-basis.ts";
import { videoPxFromWorld } from "../../domain/pinhole.ts";
import { rotationOfQuaternion } from "../../domain/quaternion.ts";
import { readNpz } from "../containers/npz.ts";
import type { ForecastDocument } from "../document/types.ts";
import { FIXTURE, fixtureDocument } from "../fixture.ts";
import { exportForecast, previewExport } from "./common/run.ts";
import type { ExportOptions } from "./common/types.ts";
import { readGlb } from "./readers/glb.ts";

const document = fixtureDocument();
const { space } = document;
if (!space?.field.cameras || !space.curves) throw new Error("the fixture is known in space");
const { cameras } = space.field;
const MOVERS = [FIXTURE.asymmetric, FIXTURE.leaving];

const bytesOf = (format: string, options?: ExportOptions) =>
  exportForecast(document, format, options).bytes;
const textOf = (format: string, file: string, options?: ExportOptions) => {
  const { files } = exportForecast(document, format, options);
  return new TextDecoder().decode(files?.find(({ name }) => name === file)?.bytes);
};
/** [T,N,3] of the tracker's file. */
const tracked = (options?: ExportOptions) => readNpz(bytesOf("tracks-3d", options));

describe("tracks-3d", () => {
  test("positions seen by the file's own cameras are where the tracks are, for what moves", () => {
    const file = tracked({ segment: "past" });
    const [coords, extrinsics, intrinsics] = ["coords", "extrinsics", "intrinsics"].map(
      (name) => file.get(name)?.data ?? new Float32Array(),
    );
    const { history } = document.forecast;
    const n = FIXTURE.asymmetric;
    const N = file.get("coords")?.shape[1] ?? 0;
    for (const t of [0, 40, 80]) {
      const [x, y, z] = coords.subarray(3 * (t * N + n), 3 * (t * N + n) + 3);
      const row = (i: number) => {
        const e = extrinsics.subarray(16 * t + 4 * i, 16 * t + 4 * i + 4);
        return e[0] * x + e[1] * y + e[2] * z + e[3];
      };
      const k = intrinsics.subarray(9 * t, 9 * t + 9);
      const u = (k[0] * row(0)) / row(2) + k[2];
      const v = (k[4] * row(1)) / row(2) + k[5];
      const at = 2 * (t * history.pointCount + n);
      expect(Math.hypot(u - history.tracksTN2[at], v - history.tracksTN2[at + 1])).toBeLessThan(
        0.1,
      );
    }
  });

  test("points of which nothing is known are left out, and it is told", () => {
    expect(tracked().get("coords")?.shape).toEqual([162, 389, 3]);
    const told = previewExport(document, "tracks-3d").notices.join(" ");
    expect(told).toContain("1 of 390 points");
    expect(told).toMatch(/miss the tracks by 0\.?\d* px/);
  });

  test("any rate asks the curves, and meets the moments that both have", () => {
    const plain = tracked({ segment: "future" }).get("coords");
    const dense = tracked({ segment: "future", fps: 96 }).get("coords");
    expect(dense?.shape[0]).toBe(4 * 81 + 1);
    const N = 389;
    const n = FIXTURE.asymmetric;
    for (const t of [0, 13, 81]) {
      for (let c = 0; c < 3; c++) {
        expect(dense?.data[3 * (4 * t * N + n) + c]).toBeCloseTo(
          plain?.data[3 * (t * N + n) + c] ?? Number.NaN,
          5,
        );
      }
    }
  });

  test("says why where nothing is known, and what to do where it was not looked for", () => {
    const { space: _, ...unlooked } = document;
    expect(() => exportForecast(unlooked, "tracks-3d")).toThrow(/not found yet/);
    const unknown: ForecastDocument = {
      ...document,
      space: {
        ...space,
        curves: null,
        field: { ...space.field, cameras: null, why: "no-translation" },
      },
    };
    expect(() => exportForecast(unknown, "gltf")).toThrow(/stands, shakes, turns or zooms/);
    expect(() => exportForecast(document, "gltf", { segment: "truth" })).toThrow(
      /not followed in space/,
    );
  });
});

describe("gltf", () => {
  test.each(["past", "future", "both"] as const)(
    "weights times targets are the curve itself: %s",
    (segment) => {
      const { json, read } = readGlb(bytesOf("gltf", { segment }));
      const moving = json.meshes.find(({ name }) => name === "moving");
      const [primitive] = moving?.primitives ?? [];
      const base = read(primitive.attributes.POSITION);
      const targets = (primitive.targets ?? []).map(({ POSITION }) => read(POSITION));
      const { channels, samplers } = json.animations[0];
      const sampler = samplers[channels.findIndex(({ target }) => target.path === "weights")];
      const weights = read(sampler.output);
      const truth = tracked({ segment }).get("coords");
      const frames = truth?.shape[0] ?? 0;
      expect(weights.length).toBe(frames * targets.length);
      for (let t = 0; t < frames; t += 20) {
        MOVERS.forEach((n, m) => {
          for (let c = 0; c < 3; c++) {
            let value = base[3 * m + c];
            targets.forEach((target, k) => {
              value += weights[t * targets.length + k] * target[3 * m + c];
            });
            expect(value).toBeCloseTo(truth?.data[3 * (t * 389 + n) + c] ?? Number.NaN, 5);
          }
        });
      }
    },
  );

  test("eight targets on request, and what that misses is told", () => {
    const { json } = readGlb(bytesOf("gltf", { choices: { targets: "8" } }));
    const moving = json.meshes.find(({ name }) => name === "moving");
    expect(moving?.primitives[0].targets).toHaveLength(8);
    expect(previewExport(document, "gltf", { choices: { targets: "8" } }).notices.join()).toMatch(
      /fitted again with 8 targets; they miss the curves by 0(\.00\d+)? median depths/,
    );
  });

  test("the camera stands and looks as ours, in glTF's axes", () => {
    const { json, read } = readGlb(bytesOf("gltf", { segment: "past" }));
    const { channels, samplers } = json.animations[0];
    const keyed = (path: string) =>
      read(samplers[channels.findIndex(({ target }) => target.path === path)].output);
    const [x, y, z, w] = keyed("rotation").subarray(0, 4);
    const [ex, ey, ez] = keyed("translation").subarray(0, 3);
    const turn = rotationOfQuaternion([w, x, y, z]);
    // A point that glTF's camera has one ahead (−z) is one ahead of ours.
    const ahead = [ex - turn[2], ey - turn[5], ez - turn[8]] as const;
    const [u, v, depth] = videoPxFromWorld(cameras, 0, ahead);
    expect(Math.hypot(u - cameras.centre[0], v - cameras.centre[1])).toBeLessThan(1e-3);
    expect(depth).toBeCloseTo(1, 5);
    // Its up is our up: a smaller y in the picture.
    const above = [ahead[0] + 0.1 * turn[1], ahead[1] + 0.1 * turn[4], ahead[2] + 0.1 * turn[7]];
    expect(videoPxFromWorld(cameras, 0, [above[0], above[1], above[2]])[1]).toBeLessThan(v - 50);
  });
});

test("colmap: points seen by the written poses lie where our cameras see them within 10⁻³ px", () => {
  const cameraLine = textOf("colmap", "cameras.txt").split("\n")[1].split(" ").map(Number);
  const [, , , , f, cx, cy] = cameraLine;
  const images = textOf("colmap", "images.txt").split("\n").slice(1);
  const points = textOf("colmap", "points3D.txt").trimEnd().split("\n").slice(1);
  expect(points).toHaveLength(389 - MOVERS.length);
  for (const t of [0, 33, 80]) {
    const [, qw, qx, qy, qz, tx, ty, tz] = images[2 * t].split(" ").map(Number);
    const r = rotationOfQuaternion([qw, qx, qy, qz]);
    for (const line of points.slice(0, 300).filter((_, i) => i % 50 === 0)) {
      const [, x, y, z] = line.split(" ").map(Number);
      const [a, b, c] = [0, 1, 2].map(
        (i) => r[3 * i] * x + r[3 * i + 1] * y + r[3 * i + 2] * z + [tx, ty, tz][i],
      );
      const [u, v] = videoPxFromWorld(cameras, t, [x, y, z]);
      expect(Math.hypot((f * a) / c + cx - 0.5 - u, (f * b) / c + cy - 0.5 - v)).toBeLessThan(1e-3);
    }
  }
});

test("nerfstudio: matrices take the camera's −z to where it looks", () => {
  const { frames, w, h } = JSON.parse(textOf("nerfstudio", "transforms.json"));
  expect([w, h]).toEqual([832, 480]);
  const m = frames[0].transform_matrix as number[][];
  const ahead = [0, 1, 2].map((row) => m[row][3] - 2 * m[row][2]);
  const [u, v, depth] = videoPxFromWorld(cameras, 0, [ahead[0], ahead[1], ahead[2]]);
  expect(Math.hypot(u - cameras.centre[0], v - cameras.centre[1])).toBeLessThan(1e-3);
  expect(depth).toBeCloseTo(2, 5);
});

test("usd: paths are Bézier curves through the ends of the splines", () => {
  const text = new TextDecoder().decode(bytesOf("usd"));
  expect(text).toMatch(/curveVertexCounts = \[40, 40\]/);
  const points = /"paths".*?point3f\[\] points = \[([^\]]*)\]/s.exec(text)?.[1] ?? "";
  const all = [...points.matchAll(/\(([^)]*)\)/g)].map((match) => match[1].split(",").map(Number));
  const control = space.lifted[0]?.curves.controlNK3 ?? new Float32Array();
  const [n] = MOVERS;
  const last = control.subarray(3 * (n * 16 + 15), 3 * (n * 16 + 15) + 3);
  [last[0], -last[1], -last[2]].forEach((value, c) => {
    expect(all[39][c]).toBeCloseTo(value, 5);
  });
});

test("usd: ids are the points' own, whichever are chosen", () => {
  const chosen = [7, FIXTURE.asymmetric, 200];
  const text = new TextDecoder().decode(bytesOf("usd", { points: chosen, frames: 2 }));
  const ids = [...text.matchAll(/ids = \[([^\]]*)\]/g)].map((match) => match[1]);
  expect(ids).toEqual(["7, 200", String(FIXTURE.asymmetric)]);
});

test("ply: the moment, and a numbered file a frame", () => {
  const head = new TextDecoder("latin1").decode(bytesOf("ply").subarray(0, 400));
  expect(head).toMatch(/^ply\nformat binary_little_endian 1\.0\n/);
  expect(head).toContain("element vertex 389");
  const { files } = exportForecast(document, "ply-sequence", { segment: "future", frames: 9 });
  expect(files?.map(({ name }) => name).at(-1)).toBe("0009.ply");
});

test("foretrack field: curves of past and futures as they are", () => {
  const file = readNpz(bytesOf("space-field"));
  expect(file.get("control_past")?.data).toEqual(space.curves?.controlNK3);
  expect(file.get("control_future")?.shape).toEqual([2, 390, 16, 3]);
  expect(file.get("state")?.data).toEqual(space.field.stateN);
  // The basis that a reader needs: at "now" the past ends on its last control point.
  expect(basisAt("smooth", 16, 1).weights[3]).toBe(1);
});

test("a field whose points have no futures is the past alone, and says so", () => {
  const dense = { ...document, space: { ...space, lifted: [null, null] } };
  const { notices } = previewExport(dense, "space-field");
  expect(notices.at(-1)).toContain("the past alone");
  const file = readNpz(exportForecast(dense, "space-field").bytes);
  expect(file.has("control_past")).toBe(true);
  expect(file.has("control_future")).toBe(false);
});
