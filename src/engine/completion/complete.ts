import type { Size } from "../../domain/clip.ts";
import {
  type Constraints,
  checkConstraints,
  seenBy,
  VISIBILITY_FREE,
} from "../../domain/constraints.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { plainFutures } from "./borne-out.ts";
import { changeCamera, refitCamera } from "./camera.ts";
import { drawnShare } from "./doubt.ts";
import { covariances, type Kriging, planKriging } from "./gain.ts";
import { type Likeness, motionLikeness } from "./likeness.ts";
import { planLook } from "./look.ts";
import { alikeInFuture } from "./sampled-alike.ts";
import { spreadResidual } from "./spread-residual.ts";
import { spreadsOf } from "./spreads.ts";

/** What completion shares between the futures of one history and one set of constraints. */
export interface Completion {
  readonly held: readonly number[];
  /** `future` bent so that it obeys the constraints; everything else follows as it would move along. */
  complete(future: Future): Future;
}

export interface CompletionOptions {
  readonly keepsCamera?: boolean | undefined;
  readonly likeness?: Likeness | undefined;
}

/**
 * Pathwise conditioning of sampled futures (Matheron's rule, exact for Gaussians): each future's
 * residual at its constraints is spread to all points by kriging with the likeness of place, recent
 * motion and what the future itself does alike, and what they speak of comes nearer to plain motion as far as
 * they do not bear the future out. The network has no part in it, so every model kind obeys alike.
 *
 * `history`: [T,N,2] videoPx, its last frame is "now"; `size`: of the frame, px. Constraints that do
 * not cover the future's frames and points throw FormatError. `keepsCamera`: the sampled camera path is
 * left as it is instead of fitted to the ground anew, which takes most of the time. `likeness`: of a
 * model that tells it better than the history does.
 */
export function planCompletion(
  constraints: Constraints,
  history: Tracks,
  size: Size,
  { keepsCamera = false, likeness = motionLikeness(history, size) }: CompletionOptions = {},
): Completion {
  const queryXyN2 = history.tracksTN2.slice(-2 * history.pointCount);
  const kriging = planKriging(constraints, likeness, queryXyN2);
  const look =
    constraints.camera && planLook(constraints.camera, queryXyN2, size, { isDraft: keepsCamera });
  const plainPaths = () => {
    // Of plain motion positions alone count.
    const draft =
      constraints.camera && planLook(constraints.camera, queryXyN2, size, { isDraft: true });
    return plainFutures(history, size, constraints.frameCount).map((plain) => {
      const { tracks } = draft?.at(plain).future ?? withCamera(plain, constraints.cameraPathT6);
      return tracks.tracksTN2;
    });
  };
  let plainJTN2: readonly Float32Array[] | undefined;
  return {
    held: kriging.points,
    complete(future) {
      checkConstraints(constraints, future.tracks.frameCount, future.tracks.pointCount);
      const looked = look?.at(future);
      const framed = looked?.future ?? withCamera(future, constraints.cameraPathT6);
      const path = framed.tracks.tracksTN2.slice();
      if (kriging.points.length > 0) {
        const wanted = look
          ? look.seenBy(constraints, future)
          : seenBy(constraints, framed.cameraPathT6);
        const spreads = spreadsOf(future, queryXyN2, likeness, size);
        const alike = alikeInFuture(future.tracks, queryXyN2, kriging.points.length);
        plainJTN2 ??= plainPaths();
        const shared = covariances(kriging, spreads, alike);
        spreadResidual(
          path,
          plainJTN2,
          wanted,
          kriging,
          shared,
          drawnShare(future.seed, kriging.doubt, kriging.points.length),
        );
      }
      const cameraPathT6 = keepsCamera
        ? framed.cameraPathT6
        : movedCamera(framed, path, queryXyN2, constraints, kriging, size);
      const tracks = { ...framed.tracks, tracksTN2: path };
      const visibilityTN = seen(future.tracks, tracks, constraints, size, looked?.hiddenTN);
      return {
        ...framed,
        tracks: { ...tracks, visibilityTN },
        ...(cameraPathT6 ? { cameraPathT6 } : {}),
      };
    },
  };
}

function withCamera(future: Future, pathT6: CameraPathT6 | undefined): Future {
  return pathT6 ? changeCamera(future, pathT6) : future;
}

function movedCamera(
  future: Future,
  pathTN2: Float32Array,
  queryXyN2: Float32Array,
  constraints: Constraints,
  kriging: Kriging,
  size: Size,
): CameraPathT6 | undefined {
  const { cameraPathT6 } = future;
  // A camera that the user set is the camera.
  const isSet = constraints.cameraPathT6 !== undefined || constraints.camera !== undefined;
  if (!cameraPathT6 || isSet || kriging.points.length === 0) return cameraPathT6;
  return refitCamera(future.tracks, cameraPathT6, pathTN2, queryXyN2, size);
}

/**
 * Visible where the sample was, inside the frame; a point that only its place outside had hidden is
 * seen where the constraints bring it inside. What a constraint says of visibility holds.
 */
function seen(
  sampled: Tracks,
  completed: Tracks,
  { visibilityTN: wanted }: Constraints,
  size: Size,
  hiddenTN: Uint8Array | undefined,
): Uint8Array {
  return sampled.visibilityTN.map((visible, i) => {
    const [x, y] = [completed.tracksTN2[2 * i], completed.tracksTN2[2 * i + 1]];
    if (!isInsideFrame(x, y, size) || hiddenTN?.[i]) return 0;
    if (wanted && wanted[i] !== VISIBILITY_FREE) return wanted[i];
    const wasOut = !isInsideFrame(sampled.tracksTN2[2 * i], sampled.tracksTN2[2 * i + 1], size);
    return visible || wasOut ? 1 : 0;
  });
}
