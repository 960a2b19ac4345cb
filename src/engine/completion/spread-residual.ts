import type { Constraints } from "../../domain/constraints.ts";
import { mixtureOf, shareBorneOut, toldT } from "./borne-out.ts";
import type { DrawnShare } from "./doubt.ts";
import { type Covariances, type Kriging, weighing } from "./gain.ts";
import { pathResidual } from "./residual.ts";

/**
 * Adds the kriged residual to every point's path [T,N,2] videoPx in place; exact points take their own in
 * full. Then each point is brought nearer to plain motion, a mixture of `plainJTN2` that obeys by the same
 * kriging: by the part of the departure from it that the constraints do not bear out, as far as the point
 * would share a shift of all that is held. What nothing is said of stays as it was. `drawn`: how much of what
 * the camera shares this future takes to points that may not be of the body that is held, and which way (doubt.ts).
 */
export function spreadResidual(
  pathTN2: Float32Array,
  plainJTN2: readonly Float32Array[],
  constraints: Constraints,
  kriging: Kriging,
  shared: Covariances,
  drawn: DrawnShare,
): void {
  const { points, exactP, movedP, release, apartNP } = kriging;
  const { frameCount, pointCount } = constraints;
  const residualsOf = (ofTN2: Float32Array) =>
    points.map((point, p) =>
      pathResidual(ofTN2, constraints, point, { moved: movedP[p], release }),
    );
  const residuals = residualsOf(pathTN2);
  const own = residuals.map(({ ownT2 }) => ownT2);
  const weighed = weighing(kriging, shared, own);
  const byObject = weighed.of(own);
  const endsEarly = residuals.some(({ ownT2, cameraT2 }) => ownT2 !== cameraT2);
  const byCamera = endsEarly ? weighed.of(residuals.map(({ cameraT2 }) => cameraT2)) : byObject;

  const ownOf = (ofTN2: Float32Array) => residualsOf(ofTN2).map(({ ownT2 }) => ownT2);
  const kinds = plainJTN2.map((kindTN2) => weighed.of(ownOf(kindTN2)));
  const plainTN2 = mixed(plainJTN2, mixtureOf(constraints, kriging, weighed, kinds));
  const plainOwn = ownOf(plainTN2);
  const byPlain = weighed.of(plainOwn);
  const back = 1 - shareBorneOut(constraints, kriging, weighed, byObject, byPlain);
  const told = toldT(frameCount, release);
  const minus = (a: readonly Float64Array[], b: readonly Float64Array[]) =>
    a.map((values, p) => values.map((v, i) => told[i >> 1] * (v - b[p][i])));
  const byBack = minus(byPlain, byObject);
  const ownBack = minus(plainOwn, own);
  const shift = weighed.of(points.map(() => new Float64Array([1])));

  const exactIndex = new Map(points.flatMap((point, p) => (exactP[p] ? [[point, p]] : [])));
  const moved = new Float64Array(2 * frameCount);
  for (let n = 0; n < pointCount; n++) {
    const first = n * points.length;
    let shares = 0;
    for (let p = 0; p < points.length; p++)
      shares += (shared.cameraNP[first + p] + shared.objectNP[first + p]) * shift[p][0];
    const pull = back * Math.min(1, Math.max(0, shares));
    const exact = exactIndex.get(n);
    if (exact === undefined) {
      moved.fill(0);
      for (let p = 0; p < points.length; p++) {
        const camera = shared.cameraNP[first + p];
        const object = shared.objectNP[first + p];
        const apart = apartNP[first + p];
        const along = camera * (1 + apart * (drawn.along - 1));
        const across = camera * apart * drawn.across;
        const pulled = pull * (along + object);
        const [c, o, b] = [byCamera[p], byObject[p], byBack[p]];
        for (let i = 0; i < moved.length; i++) {
          const beside = i & 1 ? c[i - 1] : -c[i + 1];
          moved[i] += along * c[i] + across * beside + object * o[i] + pulled * b[i];
        }
      }
    } else
      for (let i = 0; i < moved.length; i++) moved[i] = own[exact][i] + pull * ownBack[exact][i];
    for (let i = 0; i < moved.length; i++) {
      const o = 2 * ((i >> 1) * pointCount + n) + (i & 1);
      pathTN2[o] += moved[i] + pull * told[i >> 1] * (plainTN2[o] - pathTN2[o]);
    }
  }
}

function mixed(pathsJ: readonly Float32Array[], sharesJ: Float64Array): Float32Array {
  return pathsJ[0].map((_, i) => pathsJ.reduce((sum, path, j) => sum + sharesJ[j] * path[i], 0));
}
