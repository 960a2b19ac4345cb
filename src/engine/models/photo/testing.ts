import type { PackManifest } from "../../../domain/pack/manifest.ts";
import { timeRows } from "../../exploration/testing.ts";
import type { GraphRunner, GraphTensor } from "../graph-runner.ts";
import { testManifest } from "../testing.ts";

const graph = (file: string) => ({ file, inputs: [], outputs: [] });

/** The manifest's part of a pack that brings what it is measured against. */
export const WITH_RIVALS = {
  graphs: { look: graph("look.onnx"), fields: graph("fields.onnx"), blind: graph("fields.onnx") },
};

/** The manifest's part of a pack whose last numbers of z, so many of 4, are the camera's. */
export const withCamera = (length: number) => ({
  latent: {
    size: 4,
    prior: "normal",
    parts: [
      { name: "shape", from: 0, length: 4 - length },
      { name: "camera", from: 4 - length, length },
    ],
  },
  graphs: {
    look: graph("look.onnx"),
    fields: { ...graph("fields.onnx"), outputs: [{ name: "camera_path", shape: [] }] },
  },
});

/** A photo pack whose latent is 3 numbers of shape and 1 of size, on a picture of 26×15. */
export function photoManifest(part: object = {}): PackManifest {
  return testManifest({
    id: "photo",
    name: "Foretrack photo",
    kind: "photo",
    frames: { history: 1, horizon: 81 },
    graphs: { look: graph("look.onnx"), fields: graph("fields.onnx") },
    files: ["look.onnx", "fields.onnx"].map((path) => {
      return { path, bytes: 10, sha256: "5".repeat(64) };
    }),
    latent: {
      size: 4,
      prior: "normal",
      parts: [
        { name: "shape", from: 0, length: 3 },
        { name: "size", from: 3, length: 1 },
      ],
    },
    timeBasis: { kind: "test", count: 2, frames: 81, rows: timeRows() },
    picture: { width: 26, height: 15, channels: "rgb", range: 255 },
    refine: [{ output: "refine2", factor: 2 }],
    ...part,
  });
}

interface Values extends GraphTensor {
  readonly values: Float32Array;
}

/**
 * Graphs in plain arithmetic: a point moves as its pixel is red; its field is the first two numbers of z
 * times 100 px. `runs` counts by role.
 */
export function photoRunner() {
  const runs: Record<string, number> = { look: 0, fields: 0, blind: 0 };
  let alive = 0;
  const make = (dims: readonly number[], values: Float32Array): Values => {
    alive++;
    return { dims, values };
  };
  const look = (picture: Float32Array) => {
    const red = picture.slice(0, 390).map((v) => v / 255);
    return {
      moving: make([390], red),
      extent: make(
        [390],
        red.map((v) => 50 * v),
      ),
      basis: make([1, 2, 390], Float32Array.from([...red, ...red])),
      context: make([1], Float32Array.of(1)),
      features: make([2, 390], Float32Array.from([...red, ...red.map((v) => 1 - v)])),
      // Goes down by as much as it is red.
      regressor: make(
        [2, 2, 390],
        Float32Array.from({ length: 1560 }, (_, i) =>
          i >= 390 && i < 780 ? 300 * red[i - 390] : 0,
        ),
      ),
      // Every fine cell takes what its own cell has.
      refine2: make(
        [9, 1560],
        Float32Array.from({ length: 9 * 1560 }, (_, i) => (i >= 4 * 1560 && i < 5 * 1560 ? 1 : 0)),
      ),
    };
  };
  const fields = (z: Float32Array, basis: Float32Array) => {
    const count = z.length / 4;
    const out = new Float32Array(count * 4 * 390);
    for (let k = 0; k < count; k++) {
      for (let i = 0; i < 780; i++) {
        out[k * 1560 + i] = 900 * z[4 * k + (i < 390 ? 0 : 1)] * basis[i];
      }
    }
    return make([count, 2, 2, 390], out);
  };
  /** The last number of z, times 100 px to the right. */
  const cameras = (z: Float32Array) => {
    const count = z.length / 4;
    const maps = Array.from({ length: count * 81 }, (_, i) => [
      ...[1, 0, 100 * z[4 * Math.floor(i / 81) + 3]],
      ...[0, 1, 0],
    ]);
    return make([count, 81, 6], Float32Array.from(maps.flat()));
  };
  const runner: GraphRunner = {
    batch: 4,
    upload: make,
    async run(role, inputs, wanted) {
      runs[role]++;
      const value = (name: string) => (inputs[name] as Values).values;
      if (role === "look") return look(value("picture"));
      if (wanted[0] === "camera_path") return { camera_path: cameras(value("z")) };
      // Of what is shown no picture, all points move.
      const basis = role === "blind" ? new Float32Array(780).fill(1) : value("basis");
      return { coefficients: fields(value("z"), basis) };
    },
    read: async (tensor) => (tensor as Values).values,
    release: () => void alive--,
    dispose: async () => undefined,
  };
  return { runner, runs, alive: () => alive };
}

/** A picture of 26×15 whose left half is red. */
export function redLeft(): Float32Array {
  return Float32Array.from({ length: 3 * 390 }, (_, i) => (i < 390 && i % 26 < 13 ? 255 : 0));
}
