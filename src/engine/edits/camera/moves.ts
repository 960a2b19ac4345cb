import type { CameraEdit, CameraKey } from "../../../domain/edits/camera.ts";
import type { CameraMove } from "../../../domain/edits/camera-moves.ts";
import { easedProgress } from "../../../domain/edits/easing.ts";
import { strokeOf } from "../../../domain/edits/stroke.ts";
import {
  multiplied,
  type Pose,
  posed,
  rotated,
  STILL_POSE,
  turnAbout,
  turnBetween,
  type Vector,
} from "../../../domain/pose.ts";
import { randomStream, STREAM } from "../../random/philox.ts";

/** A pose, and how many times as long the focal length is. */
export interface CameraState {
  readonly pose: Pose;
  readonly zoom: number;
}

export const STILL_CAMERA: CameraState = { pose: STILL_POSE, zoom: 1 };

/** What a move starts from. */
interface Start {
  readonly edit: CameraEdit;
  /** Of the pivot at "now". */
  readonly depth: number;
  readonly focalPx: number;
}

/**
 * The camera's state at progress u (0…1 from the edit's first frame to its last), so many frames after
 * the first one; `pivot`: in the space of the camera that moves.
 */
type Moving = (u: number, frame: number, pivot: Vector) => CameraState;
type Move = (start: Start) => Moving;

const RADIANS = Math.PI / 180;

const turnOnly = (axis: "x" | "y" | "z", sign: 1 | -1): Move => {
  return ({ edit }) =>
    (u) => {
      const rotation = turnAbout(axis, sign * edit.amount * u * RADIANS);
      return { pose: { rotation, translation: [0, 0, 0] }, zoom: 1 };
    };
};

/** By `amount` pivot depths along a direction of the picture; the world goes the other way. */
const shiftOnly = ([x, y, z]: Vector): Move => {
  return ({ edit, depth }) =>
    (u) => {
      const by = -edit.amount * u * depth;
      return {
        pose: { ...STILL_POSE, translation: [x * by, y * by, z * by] },
        zoom: 1,
      };
    };
};

/** X' = R_y(θ)·(X − P) + P. */
function orbited(pivot: Vector, degrees: number): CameraState {
  const rotation = turnAbout("y", degrees * RADIANS);
  return { pose: about(pivot, rotation), zoom: 1 };
}

function about([x, y, z]: Vector, rotation: readonly number[]): Pose {
  const [tx, ty, tz] = rotated(rotation, [x, y, z]);
  return { rotation, translation: [x - tx, y - ty, z - tz] };
}

/** As seen from `eye` with the pivot where it was in the picture. */
function lookingAt(pivot: Vector, eye: Vector): CameraState {
  const toward: Vector = [pivot[0] - eye[0], pivot[1] - eye[1], pivot[2] - eye[2]];
  const rotation = turnBetween(toward, pivot);
  const [x, y, z] = posed({ rotation, translation: [0, 0, 0] }, eye);
  return { pose: { rotation, translation: [-x, -y, -z] }, zoom: 1 };
}

/** Frames after which a trembling hand has forgotten where it was: half a second at 16 a second. */
const HAND_FRAMES = 8;

/** An Ornstein-Uhlenbeck walk of pan, tilt and roll that starts at rest; `amount` is its deviation. */
const handheld: Move = ({ edit }) => {
  const random = randomStream(edit.seed ?? 1, STREAM.hand);
  const drawn = new Float32Array(3);
  const kept = Math.exp(-1 / HAND_FRAMES);
  const fresh = edit.amount * Math.sqrt(1 - kept * kept);
  const walked: number[][] = [[0, 0, 0]];
  return (_, frame) => {
    while (walked.length <= frame + 1) {
      random.fillNormal(drawn);
      const last = walked[walked.length - 1];
      walked.push(last.map((value, axis) => kept * value + fresh * drawn[axis]));
    }
    const [pan, tilt, roll] = walked[frame + 1];
    return { pose: { rotation: turned(pan, tilt, roll), translation: [0, 0, 0] }, zoom: 1 };
  };
};

/** Degrees right, up and clockwise, in this order. */
function turned(pan: number, tilt: number, roll: number): readonly number[] {
  const rolled = turnAbout("z", -roll * RADIANS);
  const tilted = turnAbout("x", -tilt * RADIANS);
  return multiplied(rolled, multiplied(tilted, turnAbout("y", -pan * RADIANS)));
}

const keyed: Move = ({ edit, depth }) => {
  const keys = edit.keys ?? [];
  return (_, moved) => {
    const { pan, tilt, roll, x, y, z, zoom } = keyAt(keys, edit, edit.frames[0] + moved);
    const rotation = turned(pan, tilt, roll);
    const unit = depth * (edit.travel ?? 1);
    const [cx, cy, cz] = rotated(rotation, [x * unit, -y * unit, z * unit]);
    return { pose: { rotation, translation: [-cx, -cy, -cz] }, zoom };
  };
};

const RESTING: Omit<CameraKey, "frame"> = { pan: 0, tilt: 0, roll: 0, x: 0, y: 0, z: 0, zoom: 1 };

/** Between the keys around a frame, by the edit's ease; at rest before "now", the last one at the end. */
function keyAt(keys: readonly CameraKey[], { ease, frames }: CameraEdit, frame: number): CameraKey {
  const next = keys.findIndex((key) => key.frame >= frame);
  const start = { ...RESTING, frame: frames[0] - 1 };
  if (keys.length === 0) return start;
  if (next < 0) return keys[keys.length - 1];
  const [a, b] = [keys[next - 1] ?? start, keys[next]];
  const span = b.frame - a.frame;
  const u = span > 0 ? easedProgress(ease, (frame - a.frame) / span) : 1;
  const mix = (name: Exclude<keyof CameraKey, "frame" | "zoom">) =>
    a[name] + u * (b[name] - a[name]);
  return {
    frame,
    pan: mix("pan"),
    tilt: mix("tilt"),
    roll: mix("roll"),
    x: mix("x"),
    y: mix("y"),
    z: mix("z"),
    zoom: a.zoom ** (1 - u) * b.zoom ** u,
  };
}

const MOVES: Readonly<Record<CameraMove, Move>> = {
  still: () => () => STILL_CAMERA,
  pan: turnOnly("y", -1),
  tilt: turnOnly("x", -1),
  roll: turnOnly("z", -1),
  zoom:
    ({ edit }) =>
    (u) => ({ pose: STILL_POSE, zoom: edit.amount ** u }),
  truck: shiftOnly([1, 0, 0]),
  pedestal: shiftOnly([0, -1, 0]),
  dolly: shiftOnly([0, 0, 1]),
  "dolly-zoom": (start) => {
    const dolly = shiftOnly([0, 0, 1])(start);
    // The pivot keeps its size: f / Z stays.
    return (u, frame, pivot) => ({
      ...dolly(u, frame, pivot),
      zoom: 1 - start.edit.amount * u,
    });
  },
  orbit:
    ({ edit }) =>
    (u, _, pivot) =>
      orbited(pivot, edit.amount * u),
  arc:
    ({ edit }) =>
    (u, _, pivot) =>
      orbited(pivot, edit.amount * Math.sin(2 * Math.PI * u * (edit.turns ?? 1))),
  circle:
    ({ edit, depth }) =>
    (u, _, pivot) => {
      const angle = 2 * Math.PI * u * (edit.turns ?? 1);
      const radius = edit.amount * depth;
      return lookingAt(pivot, [radius * (Math.cos(angle) - 1), radius * Math.sin(angle), 0]);
    },
  follow: ({ edit, depth, focalPx }) => {
    const stroke = strokeOf(edit.samples ?? [[...edit.pivot, 0]]);
    const [x0, y0] = stroke.atTime(0);
    return (u) => {
      const [x, y] = stroke.atTime(u);
      const scale = depth / focalPx;
      const translation = [(x - x0) * scale, (y - y0) * scale, 0];
      return { pose: { ...STILL_POSE, translation }, zoom: 1 };
    };
  },
  handheld,
  keys: keyed,
};

/**
 * What an edit's camera does. It is at rest at "now". Orbit: X' = R_y(θ)(X − P) + P about the pivot P;
 * dolly zoom: f' = f·(1 − δ); circle: from C = r·(cos φ − 1, sin φ, 0) it keeps looking at P.
 */
export function cameraMove(start: Start): Moving {
  return MOVES[start.edit.move](start);
}
