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
import { changeCamera, refitCamera } from "./camera.ts";
import { type Covariances, covariances, type Kriging, planKriging, weighing } from "./gain.ts";
import { type Likeness, motionLikeness } from "./likeness.ts";
import { planLook } from "./look.ts";
import { pathResidual } from "./residual.ts";
import { alikeInFuture } from "./sampled-alike.ts";
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
 * motion and what the future itself does alike. The network has no part in it, so every model kind obeys alike.
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
  const kriging = planKriging(constraints, likeness);
  const queryXyN2 = history.tracksTN2.slice(-2 * history.pointCount);
  const look =
    constraints.camera && planLook(constraints.camera, queryXyN2, size, { isDraft: keepsCamera });
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
        spread(path, wanted, kriging, covariances(kriging, spreads, alike));
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

/** Adds the kriged residual to every point's path in place; exact points take their own in full. */
function spread(
  pathTN2: Float32Array,
  constraints: Constraints,
  kriging: Kriging,
  shared: Covariances,
): void {
  const { points, exactP, movedP, release } = kriging;
  const { frameCount, pointCount } = constraints;
  const residuals = points.map((point, p) =>
    pathResidual(pathTN2, constraints, point, { moved: movedP[p], release }),
  );
  const own = residuals.map(({ ownT2 }) => ownT2);
  const weigh = weighing(kriging, shared, own);
  const weighed = weigh(own);
  const endsEarly = residuals.some(({ ownT2, cameraT2 }) => ownT2 !== cameraT2);
  const weighedCamera = endsEarly ? weigh(residuals.map(({ cameraT2 }) => cameraT2)) : weighed;
  const exactIndex = new Map(points.flatMap((point, p) => (exactP[p] ? [[point, p]] : [])));
  const moved = new Float64Array(2 * frameCount);
  for (let n = 0; n < pointCount; n++) {
    const exact = exactIndex.get(n);
    moved.fill(0);
    for (let p = 0; exact === undefined && p < points.length; p++) {
      const camera = shared.cameraNP[n * points.length + p];
      const object = shared.objectNP[n * points.length + p];
      const [byCamera, byObject] = [weighedCamera[p], weighed[p]];
      for (let i = 0; i < moved.length; i++)
        moved[i] += camera * byCamera[i] + object * byObject[i];
    }
    const all = exact === undefined ? moved : own[exact];
    for (let t = 0; t < frameCount; t++) {
      pathTN2[2 * (t * pointCount + n)] += all[2 * t];
      pathTN2[2 * (t * pointCount + n) + 1] += all[2 * t + 1];
    }
  }
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
