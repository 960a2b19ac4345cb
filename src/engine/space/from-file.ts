import { CONTROL_POINTS } from "../../domain/curve-basis.ts";
import type { FileFieldRequest, FileWorld } from "../../domain/imported-space.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { type PinholePath, videoPxFromWorld } from "../../domain/pinhole.ts";
import { resamplePath } from "../../domain/pinhole-between.ts";
import { resampleFrames } from "../../domain/resampling.ts";
import {
  MOVING,
  type ReliefAnswer,
  type SpaceField,
  STATIC,
  UNKNOWN,
} from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { anchoredPath } from "./anchored.ts";
import { directionOf } from "./cameras.ts";
import { fitCurves } from "./spline.ts";
import { reliefOf } from "./surface.ts";

/** No point of the file speaks for a place farther than this from it, px. */
const REACH_PX = 48;
/** More points than this tell a relief no better. */
const RELIEF_POINTS = 3000;
const LEAST_SIGMA = 0.02;
/** Of the progress. */
const STEPS = 20;
/** A point that strays farther than this many px from where it would stand moves. */
const LEAST_MOVE_PX = 1.5;

/** What the file tells of its own points, in the space of the camera at "now". */
interface FilePoints {
  readonly cameras: PinholePath;
  /** [T,N,3] in median depths. */
  readonly positionsTN3: Float32Array;
  readonly visibilityTN: Uint8Array;
  /** [N,2] where they are seen at "now"; NaN of those that are not. */
  readonly xyN2: Float32Array;
  readonly field: SpaceField;
  readonly fileWorld: FileWorld;
}

/**
 * The field of a past whose cameras and positions a file tells, at the query points: each takes depth and
 * course of the file's point next to it. What moves is told by how far the file's own positions stray in
 * the picture from a point that stands; sigma by how much their depth strays.
 */
export function fieldFromFile(request: FileFieldRequest, job?: Job): ReliefAnswer {
  const { queryXyQ2, size, columns, rows } = request;
  const tick = (done: number) => {
    throwIfCancelled(job);
    job?.onProgress?.({ stage: "Relief", done, total: STEPS });
  };
  tick(0);
  const points = filePoints(request, tick);
  const told = points.field;
  const { cameras } = told;
  const every = Math.ceil(told.stateN.length / RELIEF_POINTS);
  const few = Array.from(told.stateN.keys()).filter((n) => n % every === 0);
  tick(STEPS - 2);
  const relief = reliefOf(
    {
      ...told,
      inverseDepthN: Float32Array.from(few, (n) => told.inverseDepthN[n]),
      sigmaLogN: Float32Array.from(few, (n) => told.sigmaLogN[n]),
      stateN: Uint8Array.from(few, (n) => told.stateN[n]),
    },
    Float32Array.from({ length: 2 * few.length }, (_, i) => points.xyN2[2 * few[i >> 1] + (i % 2)]),
    size,
    columns,
    rows,
  );
  tick(STEPS - 1);
  const sources = nearestPoints(points, queryXyQ2);
  const at = (values: ArrayLike<number>, fallback: number) =>
    Float32Array.from(sources, (n) => (n < 0 ? fallback : values[n]));
  const field: SpaceField = {
    ...told,
    cameras: relief ? cameras : null,
    why: relief ? null : "no-still-scene",
    inverseDepthN: at(told.inverseDepthN, 1),
    sigmaLogN: at(told.sigmaLogN, 10),
    stateN: Uint8Array.from(sources, (n) => (n < 0 || !relief ? UNKNOWN : told.stateN[n])),
    residualPxN: at(told.residualPxN, 0),
  };
  const curves = relief ? coursesOf(points, field, sources, queryXyQ2) : null;
  return { field, relief, curves, fileWorld: points.fileWorld };
}

function filePoints(
  { space, tracks, fileFrameT }: FileFieldRequest,
  tick: (done: number) => void,
): FilePoints {
  const { pointCount: N } = tracks;
  const frameCount = fileFrameT.length;
  const { visibilityTN } = resampleFrames(tracks, fileFrameT);
  const path = resamplePath(space.cameras, fileFrameT);
  const positionsTN3 = toAnchor(positionsAt(space.positionsTN3, fileFrameT, N), path);
  const cameras = anchoredPath(path, frameCount - 1);
  const now = frameCount - 1;
  const xyN2 = new Float32Array(2 * N).fill(Number.NaN);
  const inverseDepthN = new Float32Array(N).fill(1);
  const sigmaLogN = new Float32Array(N).fill(10);
  const residualPxN = new Float32Array(N);
  const stateN = new Uint8Array(N);
  const every = Math.ceil(N / (STEPS - 2));
  for (let n = 0; n < N; n++) {
    if (n % every === 0) tick(Math.floor(n / every));
    const own = placeAt(positionsTN3, now * N + n);
    if (!visibilityTN[now * N + n] || !(own[2] > 1e-6)) continue;
    const [x, y] = videoPxFromWorld(cameras, now, own);
    xyN2.set([x, y], 2 * n);
    const { strayPx, strayLog } = strayOf(positionsTN3, visibilityTN, cameras, n);
    inverseDepthN[n] = 1 / own[2];
    residualPxN[n] = strayPx;
    sigmaLogN[n] = Math.max(LEAST_SIGMA, strayLog);
    stateN[n] = STATIC;
  }
  const seen = Array.from(stateN.keys()).filter((n) => stateN[n] === STATIC);
  const typicalPx = seen.length ? medianOf(seen.map((n) => residualPxN[n])) : 0;
  const movesPx = Math.max(LEAST_MOVE_PX, 3 * Math.min(typicalPx, LEAST_MOVE_PX));
  for (const n of seen) if (residualPxN[n] > movesPx) stateN[n] = MOVING;
  const still = seen.filter((n) => stateN[n] === STATIC);
  const depth = still.length ? medianOf(still.map((n) => 1 / inverseDepthN[n])) : 1;
  for (let i = 0; i < positionsTN3.length; i++) positionsTN3[i] /= depth;
  for (let i = 0; i < cameras.translationT3.length; i++) cameras.translationT3[i] /= depth;
  for (let n = 0; n < N; n++) if (stateN[n]) inverseDepthN[n] *= depth;
  const focal = { px: cameras.focalPxT[now], isGuess: false };
  const parallaxPx = parallaxOf(cameras, still, inverseDepthN);
  const field: SpaceField = {
    ...{ cameras, anchorFrame: now, why: null, inverseDepthN, sigmaLogN, stateN, residualPxN },
    ...{ parallaxPx, focal },
  };
  const [x, y, z] = path.translationT3.subarray(3 * now).map((value) => value / depth);
  const fileWorld: FileWorld = {
    ...{ rotation9: path.rotationT9.slice(9 * now), shift: [x, y, z], scale: 1 / depth },
  };
  return { cameras, positionsTN3, visibilityTN, xyN2, field, fileWorld };
}

function placeAt(positions: Float32Array, i: number): [number, number, number] {
  return [positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]];
}

/** [T,N,3] of the file at fractional frames, straight between them. */
function positionsAt(positionsTN3: Float32Array, frameT: Float64Array, pointCount: number) {
  const width = 3 * pointCount;
  const last = positionsTN3.length / width - 1;
  const out = new Float32Array(frameT.length * width);
  frameT.forEach((frame, t) => {
    const index = Math.min(last, Math.max(0, frame));
    const from = Math.floor(index);
    const part = index - from;
    const to = Math.min(last, from + 1);
    for (let i = 0; i < width; i++) {
      const a = positionsTN3[from * width + i];
      out[t * width + i] = part ? a + part * (positionsTN3[to * width + i] - a) : a;
    }
  });
  return out;
}

/** World positions in the space of the last camera, in place. */
function toAnchor(positions: Float32Array, path: PinholePath): Float32Array {
  const r = path.rotationT9.subarray(9 * path.frameCount - 9);
  const s = path.translationT3.subarray(3 * path.frameCount - 3);
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = placeAt(positions, i / 3);
    for (let c = 0; c < 3; c++) {
      positions[i + c] = r[3 * c] * x + r[3 * c + 1] * y + r[3 * c + 2] * z + s[c];
    }
  }
  return positions;
}

/** Root mean squares: px in the picture, and of the logarithm of the depth at "now". */
function strayOf(
  positionsTN3: Float32Array,
  visibilityTN: Uint8Array,
  cameras: PinholePath,
  n: number,
) {
  const { frameCount } = cameras;
  const N = visibilityTN.length / frameCount;
  const own = placeAt(positionsTN3, (frameCount - 1) * N + n);
  let [squares, logs, count] = [0, 0, 0];
  for (let t = 0; t < frameCount - 1; t++) {
    const there = placeAt(positionsTN3, t * N + n);
    if (!visibilityTN[t * N + n] || !Number.isFinite(there[0] + there[1] + there[2])) continue;
    const [x, y, depth] = videoPxFromWorld(cameras, t, there);
    const [u, v, standing] = videoPxFromWorld(cameras, t, own);
    if (!(depth > 0 && standing > 0 && there[2] > 0)) continue;
    squares += (x - u) ** 2 + (y - v) ** 2;
    logs += Math.log(there[2] / own[2]) ** 2;
    count++;
  }
  const mean = (sum: number) => Math.sqrt(sum / Math.max(1, count));
  return { strayPx: mean(squares), strayLog: mean(logs) };
}

function parallaxOf(
  { frameCount, focalPxT, translationT3 }: PinholePath,
  still: readonly number[],
  inverseDepthN: Float32Array,
): number {
  let most = 0;
  for (let t = 0; t < frameCount; t++) {
    const shift = Math.hypot(translationT3[3 * t], translationT3[3 * t + 1]);
    most = Math.max(most, focalPxT[t] * shift);
  }
  return still.length ? most * medianOf(still.map((n) => inverseDepthN[n])) : 0;
}

/** [Q] the point of the file nearest to each query at "now"; −1 without one. */
function nearestPoints({ xyN2, field }: FilePoints, queryXyQ2: Float32Array): Int32Array {
  return Int32Array.from({ length: queryXyQ2.length / 2 }, (_, q) => {
    let nearest = REACH_PX;
    let found = -1;
    for (let n = 0; n < field.stateN.length; n++) {
      if (field.stateN[n] === UNKNOWN) continue;
      const dx = xyN2[2 * n] - queryXyQ2[2 * q];
      const dy = xyN2[2 * n + 1] - queryXyQ2[2 * q + 1];
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance < nearest) [nearest, found] = [distance, n];
    }
    return found;
  });
}

/** What stands stays at its depth; what moves goes the way of the file's point next to it. */
function coursesOf(
  { positionsTN3, visibilityTN, cameras, field: told }: FilePoints,
  { stateN, inverseDepthN, focal }: SpaceField,
  sources: Int32Array,
  queryXyQ2: Float32Array,
) {
  const { frameCount } = cameras;
  const N = told.stateN.length;
  const Q = sources.length;
  const out = new Float32Array(frameCount * Q * 3);
  const weights = new Uint8Array(frameCount * Q).fill(1);
  for (let q = 0; q < Q; q++) {
    const ray = directionOf(queryXyQ2[2 * q], queryXyQ2[2 * q + 1], focal.px, cameras.centre);
    const place = ray.map((value) => value / inverseDepthN[q]);
    const n = sources[q];
    const from = n < 0 ? place : placeAt(positionsTN3, (frameCount - 1) * N + n);
    for (let t = 0; t < frameCount; t++) {
      const at = t * N + n;
      const there = stateN[q] === MOVING ? placeAt(positionsTN3, at) : from;
      const isKnown = Number.isFinite(there[0] + there[1] + there[2]);
      if (stateN[q] === MOVING) weights[t * Q + q] = isKnown && visibilityTN[at] ? 1 : 0;
      for (let c = 0; c < 3; c++) {
        out[3 * (t * Q + q) + c] = place[c] + (isKnown ? there[c] - from[c] : 0);
      }
    }
  }
  const { controlNKD, residual } = fitCurves(out, weights, frameCount, 3);
  return { controlNK3: controlNKD, controlCount: CONTROL_POINTS, residual };
}
