import { createConstraints } from "../../../domain/constraints.ts";
import { type CameraEdit, cameraOf } from "../../../domain/edits/camera.ts";
import type { CameraMove } from "../../../domain/edits/camera-moves.ts";
import {
  type Assumed,
  defaultAssumed,
  depthOfRelief,
  RELIEF_COLUMNS,
  RELIEF_ROWS,
} from "../../../domain/edits/depth.ts";
import { isInsideFrame } from "../../../domain/inside-frame.ts";
import { focalPxOfFov, frameCentre } from "../../../domain/pinhole.ts";
import {
  composed,
  inversePose,
  type Pose,
  posed,
  rotated,
  STILL_POSE,
  turnAbout,
  type Vector,
} from "../../../domain/pose.ts";
import { cellCentre } from "../../../domain/relief.ts";
import { WORKING_SIZE } from "../../../domain/studio-defaults.ts";
import { createTracks } from "../../../domain/tracks.ts";
import { planCompletion } from "../../completion/complete.ts";
import { futureOf, historyOf } from "../../completion/testing.ts";
import { randomStream, STREAM } from "../../random/philox.ts";
import { reliefEstimator } from "../../space/estimator.ts";
import { cameraWish } from "./wish.ts";

/**
 * A scene that is known exactly: flat ground under a wall, two boards and a ball, in metres; the camera
 * at "now" is at the origin. Rays tell its depth, and what is seen of it from elsewhere.
 */
const GROUND = 1.2;
const WALL = 12;
const BOARDS = [
  { z: 4, left: -1.5, right: -0.3, top: -0.8, bottom: GROUND },
  { z: 6, left: 0.8, right: 2.2, top: -1, bottom: GROUND },
] as const;
const BALL = { centre: [0.6, 0.7, 3], radius: 0.5 } as const;
const FOV = 55;
const SIZE = WORKING_SIZE;
const FOCAL = focalPxOfFov(FOV, SIZE);
const [CX, CY] = frameCentre(SIZE);

/** How far along a ray something is hit first, in lengths of its direction. */
function firstHit([ox, oy, oz]: Vector, [dx, dy, dz]: Vector): number {
  const hits = [(GROUND - oy) / dy, (WALL - oz) / dz];
  for (const { z, left, right, top, bottom } of BOARDS) {
    const along = (z - oz) / dz;
    const [x, y] = [ox + along * dx, oy + along * dy];
    if (x >= left && x <= right && y >= top && y <= bottom) hits.push(along);
  }
  const [mx, my, mz] = [ox - BALL.centre[0], oy - BALL.centre[1], oz - BALL.centre[2]];
  const a = dx * dx + dy * dy + dz * dz;
  const b = mx * dx + my * dy + mz * dz;
  const inside = b * b - a * (mx * mx + my * my + mz * mz - BALL.radius ** 2);
  if (inside >= 0) hits.push((-b - Math.sqrt(inside)) / a);
  return Math.min(...hits.filter((along) => along > 1e-6));
}

function depthAt(x: number, y: number): number {
  return firstHit([0, 0, 0], [(x - CX) / FOCAL, (y - CY) / FOCAL, 1]);
}

/** What the true camera does at progress u, in metres about the pivot. */
type TrueCamera = (u: number, pivot: Vector) => { readonly pose: Pose; readonly zoom: number };

const still = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const orbit = (degrees: number, [px, py, pz]: Vector): Pose => {
  const rotation = turnAbout("y", (degrees * Math.PI) / 180);
  const [x, y, z] = rotated(rotation, [px, py, pz]);
  return { rotation, translation: [px - x, py - y, pz - z] };
};

/** Moves with their amounts, and the camera that they have to be. */
export const CAMERA_CASES: Readonly<
  Record<string, { readonly move: CameraMove; readonly amount: number; readonly truth: TrueCamera }>
> = {
  "pan 10°": {
    move: "pan",
    amount: 10,
    truth: (u) => ({
      pose: { rotation: turnAbout("y", (-10 * u * Math.PI) / 180), translation: [0, 0, 0] },
      zoom: 1,
    }),
  },
  "truck 0.2": {
    move: "truck",
    amount: 0.2,
    truth: (u, [, , z]) => ({
      pose: { rotation: still, translation: [-0.2 * u * z, 0, 0] },
      zoom: 1,
    }),
  },
  "dolly 0.3": {
    move: "dolly",
    amount: 0.3,
    truth: (u, [, , z]) => ({
      pose: { rotation: still, translation: [0, 0, -0.3 * u * z] },
      zoom: 1,
    }),
  },
  "dolly zoom 0.3": {
    move: "dolly-zoom",
    amount: 0.3,
    truth: (u, [, , z]) => ({
      pose: { rotation: still, translation: [0, 0, -0.3 * u * z] },
      zoom: 1 - 0.3 * u,
    }),
  },
  "orbit 20°": {
    move: "orbit",
    amount: 20,
    truth: (u, pivot) => ({ pose: orbit(20 * u, pivot), zoom: 1 }),
  },
  "orbit −30°": {
    move: "orbit",
    amount: -30,
    truth: (u, pivot) => ({ pose: orbit(-30 * u, pivot), zoom: 1 }),
  },
};

/** What is assumed wrongly, as a factor. */
export interface Wrong {
  readonly depthRatio?: number;
  readonly fov?: number;
}

export interface CameraScore {
  /** Mean distance from the true track over what is truly seen, px. */
  readonly epePx: number;
  /** Share of (frame, point) whose visibility is right. */
  readonly visibility: number;
  /** The same of those inside the frame in truth and as assumed: whether what covers is told. */
  readonly covering: number;
}

const FRAMES = 25;
/** On the first board. */
const PIVOT = [CX - 180, CY + 40] as const;

/** The exact depth of the scene, as an opened map keeps it. */
export function exactAssumed({ depthRatio = 1, fov = 1 }: Wrong = {}): Assumed {
  const grid = { columns: RELIEF_COLUMNS, rows: RELIEF_ROWS };
  const inverseDepth = Float32Array.from({ length: grid.columns * grid.rows }, (_, i) => {
    const [column, row] = [i % grid.columns, Math.floor(i / grid.columns)];
    return 1 / depthAt(...cellCentre(grid, SIZE, column, row));
  });
  const known = depthOfRelief({ source: "imported", ...grid, inverseDepth });
  return {
    ...defaultAssumed(SIZE),
    depth: known.depth,
    depthRatio: known.depthRatio * depthRatio,
    fovDegrees: FOV * fov,
  };
}

/** How a future was filmed before the edit: the forecast's own camera, and what moves by itself. */
export interface Filmed {
  /** Pose of the forecast's camera at progress u; absent: it stands. */
  readonly own?: (u: number) => Pose;
  /** Whether the edit's camera comes on top of it. */
  readonly adds?: boolean;
  /** Metres that a point has moved by progress u. */
  readonly moved?: (n: number, u: number) => Vector;
}

/** How well a camera edit moves a scene, against the scene's own geometry. */
export function scoreCamera(
  name: keyof typeof CAMERA_CASES,
  assumed: Assumed,
  { own = () => STILL_POSE, adds = false, moved = () => [0, 0, 0] }: Filmed = {},
): CameraScore {
  const { move, amount, truth } = CAMERA_CASES[name];
  const names = { id: "camera", name: "Camera" };
  const edit: CameraEdit = { ...cameraOf(names, move, PIVOT, assumed, FRAMES), amount, adds };
  const camera = cameraWish([edit], FRAMES, SIZE);
  if (!camera) throw new Error("no camera");
  const history = historyOf(() => [0, 0]);
  const startN2 = history.tracksTN2.subarray(-2 * history.pointCount);
  const worldOf = (n: number, u: number): Vector => {
    const [x, y, z] = worldAt(startN2[2 * n], startN2[2 * n + 1]);
    const [dx, dy, dz] = moved(n, u);
    return [x + dx, y + dy, z + dz];
  };
  const free = futureOf(() => [0, 0], FRAMES);
  for (let t = 0; t < FRAMES; t++) {
    const u = t / (FRAMES - 1);
    for (let n = 0; n < history.pointCount; n++) {
      const [x, y, z] = posed(own(u), worldOf(n, u));
      const at = [(FOCAL * x) / z + CX, (FOCAL * y) / z + CY];
      free.tracks.tracksTN2.set(at, 2 * (t * history.pointCount + n));
    }
  }
  const constraints = { ...createConstraints(FRAMES, history.pointCount), camera };
  const { tracks } = planCompletion(constraints, history, SIZE).complete(free);
  let [sum, seen, right, inside, rightInside] = [0, 0, 0, 0, 0];
  for (let t = 0; t < FRAMES; t++) {
    const u = t / (FRAMES - 1);
    const before = adds ? own(u) : STILL_POSE;
    const { pose: set, zoom } = truth(u, worldAt(...PIVOT));
    const pose = composed(set, before);
    const { translation, ...turn } = inversePose(pose);
    const eye: Vector = [translation[0], translation[1], translation[2]];
    for (let n = 0; n < history.pointCount; n++) {
      const world = worldOf(n, u);
      const [x, y, z] = posed(pose, world);
      const [px, py] = [(FOCAL * zoom * x) / z + CX, (FOCAL * zoom * y) / z + CY];
      const toward = rotated(turn.rotation, [x, y, z]);
      const isInside = z > 0 && isInsideFrame(px, py, SIZE);
      const isSeen = isInside && firstHit(eye, toward) > 1 - 1e-3;
      const i = t * history.pointCount + n;
      const isRight = (tracks.visibilityTN[i] === 1) === isSeen;
      if (isRight) right++;
      if (isInside && isInsideFrame(tracks.tracksTN2[2 * i], tracks.tracksTN2[2 * i + 1], SIZE)) {
        inside++;
        if (isRight) rightInside++;
      }
      if (!isSeen) continue;
      seen++;
      sum += Math.hypot(tracks.tracksTN2[2 * i] - px, tracks.tracksTN2[2 * i + 1] - py);
    }
  }
  const visibility = right / (FRAMES * history.pointCount);
  return { epePx: sum / seen, visibility, covering: rightInside / inside };
}

function worldAt(x: number, y: number): Vector {
  const depth = depthAt(x, y);
  return [((x - CX) * depth) / FOCAL, ((y - CY) * depth) / FOCAL, depth];
}

/**
 * The relief that the studio finds of the scene from tracks of its past: the camera went by `shift`
 * metres to where it is at "now"; `noisePx` on every position.
 */
export async function parallaxAssumed(shift: Vector, noisePx: number): Promise<Assumed> {
  const history = historyOf(() => [0, 0]);
  const { pointCount } = history;
  const startN2 = history.tracksTN2.slice(-2 * pointCount);
  const tracks = createTracks(PAST, pointCount);
  const noise = new Float32Array(2 * pointCount * PAST);
  randomStream(5, STREAM.hand).fillNormal(noise);
  for (let t = 0; t < PAST; t++) {
    const back = 1 - t / (PAST - 1);
    for (let n = 0; n < pointCount; n++) {
      const i = t * pointCount + n;
      const [x, y, z] = worldAt(startN2[2 * n], startN2[2 * n + 1]);
      const depth = z + back * shift[2];
      const jitter = t < PAST - 1 ? noisePx : 0;
      const u = (FOCAL * (x + back * shift[0])) / depth + CX + jitter * noise[2 * i];
      const v = (FOCAL * (y + back * shift[1])) / depth + CY + jitter * noise[2 * i + 1];
      tracks.tracksTN2.set([u, v], 2 * i);
      tracks.visibilityTN[i] = isInsideFrame(u, v, SIZE) ? 1 : 0;
    }
  }
  const cells = { columns: RELIEF_COLUMNS / 2, rows: RELIEF_ROWS / 2 };
  const { relief } = await reliefEstimator.estimate({
    ...{ tracks, anchorFrame: PAST - 1, size: SIZE },
    ...cells,
  });
  if (!relief) throw new Error("no relief");
  return { ...defaultAssumed(SIZE), ...depthOfRelief(relief) };
}

const PAST = 41;
