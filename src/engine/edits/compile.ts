import type { Size } from "../../domain/clip.ts";
import { type Constraints, createConstraints, VISIBILITY_FREE } from "../../domain/constraints.ts";
import { framesWithin } from "../../domain/edits/kind.ts";
import { type Edit, editPaths } from "../../domain/edits.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { cameraWish } from "./camera/wish.ts";
import { COAST } from "./coast.ts";

/**
 * What a list of edits asks of the `frameCount` frames after "now", the history's last frame. Later
 * edits win per point and frame unless they add. Edits that are off, and points that the history
 * lacks, ask nothing. Null where nothing is asked. Positions of the scene stay in the picture of "now":
 * each future's own camera sees them (`seenBy`). `size`: of the frame, the studio's own unless told.
 * `ownerTN` [T,N], where given, receives the index of the edit that asks last.
 */
export function compileEdits(
  edits: readonly Edit[],
  history: Tracks,
  frameCount: number,
  size: Size = WORKING_SIZE,
  ownerTN?: Int16Array,
): Constraints | null {
  const { pointCount } = history;
  const startN2 = history.tracksTN2.subarray(-2 * pointCount);
  const constraints = createConstraints(frameCount, pointCount);
  const sigmaTN = new Float32Array(frameCount * pointCount);
  const sceneTN = new Uint8Array(frameCount * pointCount);
  const visibilityTN = new Uint8Array(frameCount * pointCount).fill(VISIBILITY_FREE);
  for (const [index, edit] of edits.entries()) {
    if (!edit.on) continue;
    const frames = framesWithin(edit.frames, frameCount);
    const sigma = edit.strength === "exact" ? 0 : edit.strength;
    for (const path of editPaths(edit, { startN2, frameCount, frame: size })) {
      const { point, positionsT2, sigmaPx = 0, hiddenT } = path;
      const deviation = Math.max(sigma, sigmaPx);
      for (const { frame, x, y } of extended(edit, frames, positionsT2, frameCount)) {
        const i = frame * pointCount + point;
        const onTop = edit.adds && constraints.weightTN[i] > 0;
        constraints.positionsTN2[2 * i] = onTop
          ? constraints.positionsTN2[2 * i] + x - startN2[2 * point]
          : x;
        constraints.positionsTN2[2 * i + 1] = onTop
          ? constraints.positionsTN2[2 * i + 1] + y - startN2[2 * point + 1]
          : y;
        constraints.weightTN[i] = weightOf(deviation);
        sigmaTN[i] = deviation;
        sceneTN[i] = edit.space === "scene" ? 1 : 0;
        const shown = Math.min(Math.max(frame, frames[0]), frames[1]) - frames[0];
        visibilityTN[i] = hiddenT?.[shown] ? 0 : VISIBILITY_FREE;
        if (ownerTN) ownerTN[i] = index;
      }
    }
  }
  const camera = cameraWish(edits, frameCount, size);
  if (!camera && !constraints.weightTN.some((weight) => weight > 0)) return null;
  return {
    ...constraints,
    ...(camera ? { camera } : {}),
    ...(sigmaTN.some((sigma) => sigma > 0) ? { sigmaTN } : {}),
    ...(sceneTN.some((lies) => lies > 0) ? { sceneTN } : {}),
    ...(visibilityTN.some((seen) => seen === 0) ? { visibilityTN } : {}),
  };
}

/** 1 for an exact position, ½ for one that is known to a pixel. */
function weightOf(sigmaPx: number): number {
  return 1 / (1 + sigmaPx * sigmaPx);
}

/** The positions of a path and those that its ends ask before and after. */
function* extended(
  { before, after }: Edit,
  [first, last]: readonly [number, number],
  positionsT2: Float32Array,
  frameCount: number,
): Generator<{ readonly frame: number; readonly x: number; readonly y: number }> {
  const end = positionsT2.length - 2;
  let [x, y] = positionsT2;
  if (before === "hold") for (let frame = 0; frame < first; frame++) yield { frame, x, y };
  for (let o = 0; o <= end; o += 2) {
    yield { frame: first + o / 2, x: positionsT2[o], y: positionsT2[o + 1] };
  }
  if (after === "free") return;
  [x, y] = positionsT2.subarray(end);
  let vx = end >= 2 && after === "coast" ? x - positionsT2[end - 2] : 0;
  let vy = end >= 2 && after === "coast" ? y - positionsT2[end - 1] : 0;
  for (let frame = last + 1; frame < frameCount; frame++) {
    x += vx *= COAST;
    y += vy *= COAST;
    yield { frame, x, y };
  }
}
