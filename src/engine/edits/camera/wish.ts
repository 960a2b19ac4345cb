import type { Size } from "../../../domain/clip.ts";
import type { CameraWish } from "../../../domain/constraints.ts";
import type { CameraEdit } from "../../../domain/edits/camera.ts";
import { assumedRelief } from "../../../domain/edits/depth.ts";
import { easedProgress } from "../../../domain/edits/easing.ts";
import { framesWithin } from "../../../domain/edits/kind.ts";
import type { Edit } from "../../../domain/edits.ts";
import {
  focalPxOfFov,
  frameCentre,
  type PinholePath,
  worldFromVideoPx,
} from "../../../domain/pinhole.ts";
import { composed, keptSteps, posed } from "../../../domain/pose.ts";
import { inverseDepthAt } from "../../../domain/relief.ts";
import { COAST } from "../coast.ts";
import { type CameraState, cameraMove, STILL_CAMERA } from "./moves.ts";

/**
 * The camera that a list of edits sets over the `frameCount` frames after "now"; null where none does.
 * Cameras are laid one over the other in the order of the list, each in the space of those before it.
 * One that does not add lets those before it, and the future's own, stand still while it moves. The
 * last of them says how deep the scene is and how wide it is seen.
 */
export function cameraWish(
  edits: readonly Edit[],
  frameCount: number,
  size: Size,
): CameraWish | null {
  const cameras = edits.filter((edit): edit is CameraEdit => edit.kind === "camera" && edit.on);
  const last = cameras.at(-1);
  if (!last) return null;
  const relief = assumedRelief(last.assumed, size);
  const nowFocalPx = focalPxOfFov(last.assumed.fovDegrees, size);
  const ownT = new Uint8Array(frameCount).fill(1);
  let states: readonly CameraState[] = Array.from({ length: frameCount }, () => STILL_CAMERA);
  for (const edit of cameras) {
    const movesT = otherCamerasMove(edit, frameCount);
    for (let t = 0; t < frameCount; t++) ownT[t] &= movesT[t];
    const before = advanced(states, movesT);
    const [x, y] = edit.pivot;
    const depth = 1 / inverseDepthAt(relief, size, x, y);
    const pivot = worldFromVideoPx(nowFocalPx, frameCentre(size), x, y, depth);
    const moving = cameraMove({ edit, depth, focalPx: nowFocalPx });
    states = before.map((state, t) => {
      const { u, frame } = progressOf(edit, t, frameCount);
      const own = frame < 0 ? STILL_CAMERA : moving(u, frame, posed(state.pose, pivot));
      return { pose: composed(own.pose, state.pose), zoom: own.zoom * state.zoom };
    });
  }
  return { path: pathOf(states, nowFocalPx, size), ownT, relief, nowFocalPx };
}

/** [T] 1 = cameras before this one go on into the frame, 0 = they stand. */
function otherCamerasMove(edit: CameraEdit, frameCount: number): Uint8Array {
  const movesT = new Uint8Array(frameCount).fill(1);
  if (edit.adds) return movesT;
  const [first, last] = framesWithin(edit.frames, frameCount);
  const from = edit.before === "hold" ? 0 : first;
  return movesT.fill(0, from, edit.after === "free" ? last + 1 : frameCount);
}

/** The same steps from frame to frame, but for those that are left out. */
function advanced(states: readonly CameraState[], movesT: Uint8Array): readonly CameraState[] {
  if (movesT.every((moves) => moves === 1)) return states;
  const poses = keptSteps(
    states.map(({ pose }) => pose),
    movesT,
  );
  let kept = 1;
  return states.map(({ zoom }, t) => {
    if (movesT[t]) kept = (kept * zoom) / (states[t - 1] ?? STILL_CAMERA).zoom;
    return { pose: poses[t], zoom: kept };
  });
}

/** How far an edit is in frame t, and which of its frames that is: below 0 before it begins. */
function progressOf(edit: CameraEdit, t: number, frameCount: number) {
  const [first, last] = framesWithin(edit.frames, frameCount);
  const shareAt = (frame: number) =>
    last > first ? easedProgress(edit.ease, (frame - first) / (last - first)) : 1;
  if (t <= last) return { u: shareAt(t), frame: t - first };
  let u = 1;
  if (edit.after === "coast") {
    const speed = last > first ? 1 - shareAt(last - 1) : 0;
    u += (speed * COAST * (1 - COAST ** (t - last))) / (1 - COAST);
  }
  return { u, frame: last - first };
}

function pathOf(states: readonly CameraState[], focalPx: number, size: Size): PinholePath {
  return {
    frameCount: states.length,
    focalPxT: Float32Array.from(states, ({ zoom }) => focalPx * zoom),
    centre: frameCentre(size),
    rotationT9: Float32Array.from(states.flatMap(({ pose }) => pose.rotation)),
    translationT3: Float32Array.from(states.flatMap(({ pose }) => pose.translation)),
  };
}
