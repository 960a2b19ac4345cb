import { FormatError } from "./errors.ts";
import type { CameraPathT6 } from "./forecast.ts";
import type { PinholePath } from "./pinhole.ts";
import type { Relief } from "./relief.ts";

/** An entry of `visibilityTN` that leaves it to the model. */
export const VISIBILITY_FREE = 255;

/**
 * A camera that the user set. Objects move in the picture of "now" first, as the future has them
 * without its own camera; then that own camera, where it is left to move; then the world is seen along
 * `path`, each point as deep as its place at "now" was.
 */
export interface CameraWish {
  /** Frame 0 is the frame after "now"; the world is the space of the camera at "now". */
  readonly path: PinholePath;
  /** [T] 1 = the future's own camera moves on into this frame, 0 = it stands. */
  readonly ownT: Uint8Array;
  /** How deep the picture of "now" is. */
  readonly relief: Relief;
  /** Focal length at "now", videoPx. */
  readonly nowFocalPx: number;
}

/**
 * What a forecast obeys: positions and more that are known after "now". Frame 0 is the frame after
 * "now"; points are those of the history. Made by `engine/edits/compile.ts`, or by hand in tests.
 */
export interface Constraints {
  readonly frameCount: number;
  readonly pointCount: number;
  /** [T,N,2] (x,y) videoPx; read only where the weight is above 0. */
  readonly positionsTN2: Float32Array;
  /** [T,N]: 1 = exactly there, 0 = free, between them a wish that `sigmaTN` may qualify. */
  readonly weightTN: Float32Array;
  /** [T,N] px: standard deviation around the position; 0 = exact. Absent: the weights say it all. */
  readonly sigmaTN?: Float32Array;
  /**
   * [T,N] 1 = the position is one in the picture of "now" and is seen through the camera of the future
   * that obeys; 0 = where it says. Absent: all are where they say.
   */
  readonly sceneTN?: Uint8Array;
  /** [T,6] per future frame, layout of `CameraPathT6`; absent leaves the camera to the model. */
  readonly cameraPathT6?: CameraPathT6;
  /** A camera in space; positions of the scene are seen through it, those of the screen are not. */
  readonly camera?: CameraWish;
  /** [T,N] 1 = visible, 0 = hidden, `VISIBILITY_FREE` = left to the model. */
  readonly visibilityTN?: Uint8Array;
}

/** Constraints of that size which constrain nothing. */
export function createConstraints(frameCount: number, pointCount: number): Constraints {
  return {
    frameCount,
    pointCount,
    positionsTN2: new Float32Array(frameCount * pointCount * 2),
    weightTN: new Float32Array(frameCount * pointCount),
  };
}

/** The points with a weight above 0 in any frame, ascending. */
export function constrainedPoints({ weightTN, pointCount }: Constraints): number[] {
  const points = new Set<number>();
  for (let i = 0; i < weightTN.length; i++) if (weightTN[i] > 0) points.add(i % pointCount);
  return [...points].sort((a, b) => a - b);
}

/** @throws FormatError unless the constraints cover those frames and points in every array. */
export function checkConstraints(
  constraints: Constraints,
  frameCount: number,
  pointCount: number,
): void {
  const cells = frameCount * pointCount;
  const { positionsTN2, weightTN, sigmaTN, sceneTN, cameraPathT6, camera, visibilityTN } =
    constraints;
  const fits =
    constraints.frameCount === frameCount &&
    constraints.pointCount === pointCount &&
    positionsTN2.length === 2 * cells &&
    weightTN.length === cells &&
    (sigmaTN?.length ?? cells) === cells &&
    (sceneTN?.length ?? cells) === cells &&
    (cameraPathT6?.length ?? 6 * frameCount) === 6 * frameCount &&
    (camera?.path.frameCount ?? frameCount) === frameCount &&
    (visibilityTN?.length ?? cells) === cells;
  if (fits) return;
  throw new FormatError(
    `The constraints do not cover ${frameCount} frames of ${pointCount} points`,
    "Set the edits again on this forecast.",
  );
}

/**
 * The constraints as a future with that camera path has to meet them: positions of the scene are moved
 * to where the camera sees them. The same where nothing lies in the scene or there is no path.
 */
export function seenBy(constraints: Constraints, path: CameraPathT6 | undefined): Constraints {
  const { sceneTN, positionsTN2, frameCount, pointCount } = constraints;
  if (!sceneTN || !path || path.length !== 6 * frameCount) return constraints;
  const seen = positionsTN2.slice();
  for (let i = 0; i < sceneTN.length; i++) {
    if (!sceneTN[i]) continue;
    const [a, b, c, d, e, f] = path.subarray(6 * Math.floor(i / pointCount));
    const [x, y] = [positionsTN2[2 * i], positionsTN2[2 * i + 1]];
    seen[2 * i] = a * x + b * y + c;
    seen[2 * i + 1] = d * x + e * y + f;
  }
  return { ...constraints, positionsTN2: seen };
}
