import { linearOf } from "../../domain/colour.ts";
import { basisAt } from "../../domain/curve-basis.ts";
import { eyeOf, type PinholePath } from "../../domain/pinhole.ts";
import { quaternionOfRotation } from "../../domain/quaternion.ts";
import { MOVING } from "../../domain/space-field.ts";
import { fitCurves } from "../../engine/space/spline.ts";
import { GlbWriter } from "../containers/glb.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import {
  type CurvePiece,
  IN_SPACE,
  type SpaceScene,
  spaceNotices,
  spaceSceneOf,
} from "./common/space-scene.ts";
import { round } from "./common/time.ts";

/** Control points that eight targets and a base leave. */
const FEW_CONTROL_POINTS = 9;
/** 180° about x: from y down, z forward to glTF's y up, −z forward. */
const UPRIGHT = [1, 0, 0, 0];

/**
 * Binary glTF 2.0. Nodes: `still` and `moving` points (mode POINTS, colours linear), `camera` with its
 * path keyed, `camera path` as a line. A moving point is P₀ + Σ φₖ(t)·(Pₖ − P₀): base and targets are the
 * control points of its curve, the weights are the basis φ at each frame, so that frames are exact
 * because Σφ = 1.
 */
export const gltf: ExportFormat = {
  ...IN_SPACE,
  name: "gltf",
  label: "glTF",
  description:
    "Points, their paths as morph targets and the camera for Blender, three.js and others.",
  extension: ".glb",
  mediaType: "model/gltf-binary",
  defaults: { segment: "future" },
  options: [
    SEGMENT,
    SIZE,
    FPS,
    FRAMES,
    {
      kind: "choice",
      id: "targets",
      label: "Morph targets",
      values: [
        { value: "all", label: "as many as the curves have" },
        { value: "8", label: "8, which every reader takes" },
      ],
    },
  ],
  notices: (job) => [...spaceNotices(job), ...gltfNotices(job)],
  write: (job) => ({ main: writeGltf(job) }),
};

function gltfNotices(job: ExportJob): string[] {
  const scene = spaceSceneOf(job);
  const notices: string[] = [];
  const movers = moversOf(scene);
  if (movers.length > 0) {
    const { targets, missed } = targetsOf(scene, movers, job.choice("targets"));
    notices.push(
      job.choice("targets") === "8"
        ? `Paths are fitted again with 8 targets; they miss the curves by ${round(missed, 4)} median depths (root mean square).`
        : `${targets.length} morph targets: some readers take only 8.`,
    );
  }
  const { focalPxT } = scene.cameras;
  const zoom = Math.max(...focalPxT) / Math.min(...focalPxT);
  if (zoom > 1.005) {
    notices.push(
      `The camera zooms by ${round(100 * (zoom - 1), 1)} %, which glTF cannot keep: the lens is that of the middle frame.`,
    );
  }
  return notices;
}

function moversOf({ stateN }: SpaceScene): number[] {
  return [...stateN.keys()].filter((n) => stateN[n] === MOVING);
}

interface Targets {
  /** [M,3] positions of the movers at weight 0. */
  readonly baseM3: Float32Array;
  /** Displacements [M,3] of each target. */
  readonly targets: readonly Float32Array[];
  /** [T, targets]. */
  readonly weights: Float32Array;
  /** Root mean square distance from the curves, where they were fitted again. */
  readonly missed: number;
}

function targetsOf(scene: SpaceScene, movers: readonly number[], choice: string): Targets {
  const refit = choice === "8" ? refitted(scene, movers) : null;
  const pieces = refit ? [refit.piece] : scene.pieces;
  const points = refit ? movers.map((_, m) => m) : movers;
  const controls = pieces.flatMap(({ controlNK3, controlCount }) =>
    Array.from({ length: controlCount }, (_, k) =>
      Float32Array.from({ length: 3 * points.length }, (_, i) => {
        const n = points[Math.floor(i / 3)];
        return controlNK3[3 * (n * controlCount + k) + (i % 3)];
      }),
    ),
  );
  const [baseM3, ...rest] = controls;
  const targets = rest.map((control) => control.map((value, i) => value - baseM3[i]));
  return {
    baseM3,
    targets,
    weights: weightsOf(pieces, scene.cameras.frameCount),
    missed: refit?.missed ?? 0,
  };
}

/** φ of every control point but the first, per frame. */
function weightsOf(pieces: readonly CurvePiece[], frameCount: number): Float32Array {
  const all = pieces.reduce((sum, { controlCount }) => sum + controlCount, 0);
  const weights = new Float32Array(frameCount * (all - 1));
  let start = 0;
  for (const { controlCount, timeT } of pieces) {
    for (let t = 0; t < frameCount; t++) {
      if (Number.isNaN(timeT[t])) continue;
      const { first, weights: own } = basisAt("smooth", controlCount, timeT[t]);
      own.forEach((value, i) => {
        const target = start + first + i - 1;
        if (target >= 0) weights[t * (all - 1) + target] = value;
      });
    }
    start += controlCount;
  }
  return weights;
}

function refitted({ positionsTN3, cameras, pointIds }: SpaceScene, movers: readonly number[]) {
  const { frameCount } = cameras;
  const own = Float32Array.from({ length: frameCount * movers.length * 3 }, (_, i) => {
    const t = Math.floor(i / (3 * movers.length));
    const n = movers[Math.floor(i / 3) % movers.length];
    return positionsTN3[3 * (t * pointIds.length + n) + (i % 3)];
  });
  const weights = new Uint8Array(frameCount * movers.length).fill(1);
  const { controlNKD, residual } = fitCurves(own, weights, frameCount, 3, FEW_CONTROL_POINTS);
  const timeT = Float64Array.from(
    { length: frameCount },
    (_, t) => t / Math.max(1, frameCount - 1),
  );
  const piece = { controlNK3: controlNKD, controlCount: FEW_CONTROL_POINTS, timeT };
  return { piece, missed: residual };
}

function writeGltf(job: ExportJob): Uint8Array {
  const scene = spaceSceneOf(job);
  const { cameras, fps, size } = scene;
  const glb = new GlbWriter();
  const movers = moversOf(scene);
  const still = [...scene.stateN.keys()].filter((n) => scene.stateN[n] !== MOVING);
  const times = glb.add({
    type: "SCALAR",
    values: Float32Array.from({ length: cameras.frameCount }, (_, t) => t / fps),
    bounds: true,
  });
  const middle = cameras.focalPxT[cameras.frameCount >> 1];
  const nodes: object[] = [{ name: "Foretrack", rotation: UPRIGHT }];
  const meshes: object[] = [];
  const channels: object[] = [];
  const samplers: object[] = [];
  const key = (node: number, path: string, output: number) => {
    samplers.push({ input: times, output, interpolation: "LINEAR" });
    channels.push({ sampler: samplers.length - 1, target: { node, path } });
  };
  const cloud = (name: string, points: readonly number[], positions: Float32Array, more = {}) => {
    const attributes = {
      POSITION: glb.add({ type: "VEC3", values: positions, bounds: true }),
      COLOR_0: glb.add({ type: "VEC4", values: linearColours(scene, points), normalized: true }),
    };
    meshes.push({ name, primitives: [{ attributes, mode: 0, ...more }] });
    nodes.push({ name, mesh: meshes.length - 1 });
    return nodes.length - 1;
  };
  if (still.length > 0) cloud("still", still, placesOf(scene, still));
  if (movers.length > 0) {
    const { baseM3, targets, weights } = targetsOf(scene, movers, job.choice("targets"));
    const node = cloud("moving", movers, baseM3, {
      targets: targets.map((values) => ({
        POSITION: glb.add({ type: "VEC3", values, bounds: true }),
      })),
    });
    // Readers take the count of weights from here.
    Object.assign(meshes[meshes.length - 1], { weights: targets.map(() => 0) });
    key(node, "weights", glb.add({ type: "SCALAR", values: weights }));
  }
  nodes.push({ name: "camera", camera: 0 });
  const cameraNode = nodes.length - 1;
  const { eyes, turns } = cameraKeys(cameras);
  key(cameraNode, "translation", glb.add({ type: "VEC3", values: eyes }));
  key(cameraNode, "rotation", glb.add({ type: "VEC4", values: turns }));
  Object.assign(nodes[cameraNode], {
    translation: [...eyes.subarray(0, 3)],
    rotation: [...turns.subarray(0, 4)],
  });
  if (cameras.frameCount > 1) {
    const attributes = { POSITION: glb.add({ type: "VEC3", values: eyes, bounds: true }) };
    meshes.push({ name: "camera path", primitives: [{ attributes, mode: 3 }] });
    nodes.push({ name: "camera path", mesh: meshes.length - 1 });
  }
  Object.assign(nodes[0], { children: nodes.slice(1).map((_, i) => i + 1) });
  return glb.write({
    asset: { version: "2.0", generator: "Foretrack" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes,
    meshes,
    cameras: [
      {
        type: "perspective",
        perspective: {
          aspectRatio: size.width / size.height,
          yfov: 2 * Math.atan(size.height / 2 / middle),
          znear: 0.01,
        },
      },
    ],
    animations: [{ name: "time", channels, samplers }],
  });
}

/** [M,3] of points that stand where they stand. */
function placesOf({ positionsTN3 }: SpaceScene, points: readonly number[]): Float32Array {
  return Float32Array.from({ length: 3 * points.length }, (_, i) => {
    return positionsTN3[3 * points[Math.floor(i / 3)] + (i % 3)];
  });
}

/** glTF's vertex colours are linear light; pictures are sRGB. */
function linearColours({ rgbN3 }: SpaceScene, points: readonly number[]): Uint16Array {
  return Uint16Array.from({ length: 4 * points.length }, (_, i) => {
    if (i % 4 === 3) return 65535;
    return Math.round(65535 * linearOf(rgbN3[3 * points[i >> 2] + (i % 4)] / 255));
  });
}

/** Places [T,3] and turns [T,4] (x,y,z,w) of a camera that looks along its −z, y up, in our world. */
function cameraKeys(path: PinholePath): { eyes: Float32Array; turns: Float32Array } {
  const eyes = new Float32Array(3 * path.frameCount);
  const turns = new Float32Array(4 * path.frameCount);
  let before = [0, 0, 0, 1];
  for (let t = 0; t < path.frameCount; t++) {
    eyes.set(eyeOf(path, t), 3 * t);
    const r = path.rotationT9.subarray(9 * t, 9 * t + 9);
    const [w, x, y, z] = quaternionOfRotation([
      ...[r[0], -r[3], -r[6]],
      ...[r[1], -r[4], -r[7]],
      ...[r[2], -r[5], -r[8]],
    ]);
    // The same turn with the other sign would be gone to the long way round.
    const dot = x * before[0] + y * before[1] + z * before[2] + w * before[3];
    before = [x, y, z, w].map((value) => (dot < 0 ? -value : value));
    turns.set(before, 4 * t);
  }
  return { eyes, turns };
}
