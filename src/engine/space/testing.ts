import { createTracks } from "../../domain/tracks.ts";
import { randomStream } from "../random/philox.ts";
import { type Cameras, directionOf, stillCameras, transformDirection } from "./cameras.ts";
import type { Observations } from "./observations.ts";
import { expRotation } from "./rotation.ts";

/** How the camera of a made-up scene moves. */
export type CameraMove =
  | "sideways"
  | "forward"
  | "orbit"
  | "walk"
  | "still"
  | "shake"
  | "pan"
  | "zoom";

export interface SceneRequest {
  readonly seed: number;
  readonly move: CameraMove;
  /** Median over points of the largest shift by translation alone, px of an 832-px frame. */
  readonly parallaxPx: number;
  /** Share of points on bodies that move by themselves. */
  readonly moving?: number;
  readonly frameCount?: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly noisePx?: number;
  /** Of a slow walk of each track away from its point, at its end. */
  readonly driftPx?: number;
  readonly focalPx?: number;
}

/** A scene whose cameras, depths and movers are known exactly. */
export interface Scene {
  readonly observations: Observations;
  readonly cameras: Cameras;
  /** [N] 1/Z at the anchor frame, the last one; median 1. */
  readonly inverseDepthN: Float64Array;
  /** [N] 1 = moves by itself. */
  readonly movingN: Uint8Array;
  /** [T,N,3] how far it has gone since the anchor, in its own depths there. */
  readonly wayTN3: Float32Array;
}

const WIDTH = 832;
const HEIGHT = 480;

/** Ground, a far wall and boxes before it, seen by a moving camera; movers are rigid patches. */
export function makeScene(request: SceneRequest): Scene {
  const { move, parallaxPx, moving = 0, frameCount = 21, columns = 26, rows = 15 } = request;
  const { noisePx = 0.3, driftPx = 0, focalPx = 700 } = request;
  const random = randomStream(request.seed, 77);
  const pointCount = columns * rows;
  const inverseDepthN = sceneDepths(random, columns, rows);
  const anchorFrame = frameCount - 1;
  const centre: [number, number] = [WIDTH / 2 - 0.5, HEIGHT / 2 - 0.5];
  const cameras = sceneCameras(random, move, frameCount, focalPx, centre);
  const tracks = createTracks(frameCount, pointCount);
  const startN2 = new Float32Array(pointCount * 2);
  for (let n = 0; n < pointCount; n++) {
    startN2[2 * n] = ((n % columns) + 0.5) * (WIDTH / columns);
    startN2[2 * n + 1] = (Math.floor(n / columns) + 0.5) * (HEIGHT / rows);
  }
  scaleTranslation(cameras, startN2, inverseDepthN, parallaxPx);
  const { movingN, velocityN3 } = sceneMovers(random, startN2, inverseDepthN, moving, focalPx);
  const noise = new Float32Array(frameCount * pointCount * 2);
  random.fillNormal(noise);
  const drift = new Float32Array(pointCount * 2);
  const wayTN3 = new Float32Array(frameCount * pointCount * 3);
  random.fillNormal(drift);
  for (let t = 0; t < frameCount; t++) {
    const age = (anchorFrame - t) / anchorFrame;
    for (let n = 0; n < pointCount; n++) {
      const d = directionOf(startN2[2 * n], startN2[2 * n + 1], focalPx, centre);
      const shift = [0, 1, 2].map((c) => age * velocityN3[3 * n + c] * inverseDepthN[n]);
      wayTN3.set(shift, 3 * (t * pointCount + n));
      const moved: [number, number, number] = [d[0] + shift[0], d[1] + shift[1], d[2] + shift[2]];
      const [X, Y, Z] = transformDirection(cameras, t, moved, inverseDepthN[n]);
      const o = t * pointCount + n;
      const jitter = t === anchorFrame ? 0 : noisePx;
      tracks.tracksTN2[2 * o] =
        (cameras.focalPxT[t] * X) / Z +
        centre[0] +
        jitter * noise[2 * o] +
        age * driftPx * drift[2 * n];
      tracks.tracksTN2[2 * o + 1] =
        (cameras.focalPxT[t] * Y) / Z +
        centre[1] +
        jitter * noise[2 * o + 1] +
        age * driftPx * drift[2 * n + 1];
      const [x, y] = [tracks.tracksTN2[2 * o], tracks.tracksTN2[2 * o + 1]];
      const inside = x > -0.5 && y > -0.5 && x < WIDTH - 0.5 && y < HEIGHT - 0.5;
      tracks.visibilityTN[o] = inside && Z > 0.05 ? 1 : 0;
    }
  }
  return { observations: { tracks, anchorFrame }, cameras, inverseDepthN, movingN, wayTN3 };
}

type Random = ReturnType<typeof randomStream>;

function sceneDepths(random: Random, columns: number, rows: number): Float64Array {
  const horizon = 0.25 + 0.2 * random.uniform();
  const far = 0.15 + 0.2 * random.uniform();
  const boxes = Array.from({ length: 4 }, () => ({
    x: random.uniform(),
    half: 0.06 + 0.08 * random.uniform(),
    foot: 0.55 + 0.4 * random.uniform(),
    height: 0.2 + 0.3 * random.uniform(),
  }));
  const depthAtRow = (v: number) => far + Math.max(0, v - horizon) * 1.8;
  const inverse = Float64Array.from({ length: columns * rows }, (_, n) => {
    const u = ((n % columns) + 0.5) / columns;
    const v = (Math.floor(n / columns) + 0.5) / rows;
    const inside = boxes.filter(
      (box) => Math.abs(u - box.x) < box.half && v < box.foot && v > box.foot - box.height,
    );
    return Math.max(depthAtRow(v), ...inside.map((box) => depthAtRow(box.foot)));
  });
  const median = inverse.slice().sort()[inverse.length >> 1];
  return inverse.map((rho) => rho / median);
}

function sceneCameras(
  random: Random,
  move: CameraMove,
  frameCount: number,
  focalPx: number,
  centre: readonly [number, number],
): Cameras {
  const cameras = stillCameras(frameCount, focalPx, centre);
  const sign = random.uniform() < 0.5 ? -1 : 1;
  const [phase, tilt] = [6.28 * random.uniform(), 0.3 * (random.uniform() - 0.5)];
  const shake = new Float32Array(frameCount * 3);
  random.fillNormal(shake);
  for (let t = 0; t < frameCount; t++) {
    const age = (frameCount - 1 - t) / (frameCount - 1);
    const sway = Math.sin(phase + 9 * age) - Math.sin(phase);
    const turn = [0.01 * sway, 0.015 * sway, 0.004 * sway];
    const at = [0, 0, 0];
    if (move === "sideways") at.splice(0, 3, sign * age, tilt * age, 0.2 * age);
    if (move === "forward") at.splice(0, 3, 0.08 * age, 0.03 * sway, age);
    if (move === "walk") at.splice(0, 3, 0.15 * sway, 0.12 * sway + 0.1 * age, age);
    if (move === "orbit") {
      at.splice(0, 3, sign * age, 0.1 * age, 0.15 * age * age);
      turn[1] -= sign * 0.2 * age;
    }
    if (move === "pan") turn[1] += sign * 0.25 * age;
    if (move === "shake") for (let c = 0; c < 3; c++) turn[c] += age && 0.004 * shake[3 * t + c];
    if (move === "zoom") cameras.focalPxT[t] = focalPx * (1 - 0.3 * age);
    if (move === "still" || move === "zoom") turn.fill(0);
    cameras.rotationT9.set(expRotation(turn[0], turn[1], turn[2]), 9 * t);
    cameras.translationT3.set(at, 3 * t);
  }
  return cameras;
}

/** Makes the median largest shift by translation `parallaxPx`; nothing to do where there is none. */
function scaleTranslation(
  { frameCount, translationT3: T, focalPxT, centre }: Cameras,
  startN2: Float32Array,
  inverseDepthN: Float64Array,
  parallaxPx: number,
): void {
  const f = focalPxT[frameCount - 1];
  for (let pass = 0; pass < 3; pass++) {
    const largest = inverseDepthN.map((rho, n) => {
      let most = 0;
      for (let t = 0; t < frameCount; t++) {
        const dx = T[3 * t] * f - T[3 * t + 2] * (startN2[2 * n] - centre[0]);
        const dy = T[3 * t + 1] * f - T[3 * t + 2] * (startN2[2 * n + 1] - centre[1]);
        most = Math.max(most, rho * Math.hypot(dx, dy));
      }
      return most;
    });
    const median = largest.sort()[largest.length >> 1];
    if (median > 0) for (let i = 0; i < T.length; i++) T[i] *= parallaxPx / median;
  }
}

function sceneMovers(
  random: Random,
  startN2: Float32Array,
  inverseDepthN: Float64Array,
  share: number,
  focalPx: number,
): { movingN: Uint8Array; velocityN3: Float64Array } {
  const pointCount = inverseDepthN.length;
  const movingN = new Uint8Array(pointCount);
  const velocityN3 = new Float64Array(pointCount * 3);
  let count = 0;
  while (count < share * pointCount) {
    const [x, y] = [WIDTH * random.uniform(), HEIGHT * random.uniform()];
    const [half, tall] = [50 + 60 * random.uniform(), 50 + 60 * random.uniform()];
    const angle = 2 * Math.PI * random.uniform();
    const px = 15 + 45 * random.uniform();
    const ahead = 0.3 * (random.uniform() - 0.5);
    for (let n = 0; n < pointCount && count < share * pointCount; n++) {
      const inside = Math.abs(startN2[2 * n] - x) < half && Math.abs(startN2[2 * n + 1] - y) < tall;
      if (!inside || movingN[n]) continue;
      movingN[n] = 1;
      count++;
      const speed = px / focalPx / inverseDepthN[n];
      velocityN3[3 * n] = speed * Math.cos(angle);
      velocityN3[3 * n + 1] = speed * Math.sin(angle);
      velocityN3[3 * n + 2] = speed * ahead;
    }
  }
  return { movingN, velocityN3 };
}
