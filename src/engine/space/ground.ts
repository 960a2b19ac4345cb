import type { Size } from "../../domain/clip.ts";
import { type SpaceField, STATIC, UNKNOWN } from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { asCameras, type Cameras, centresOf, pickCameras } from "./cameras.ts";
import { anchorPositions, type Observations, pickFrames } from "./observations.ts";
import { pointResidual, triangulate } from "./residuals.ts";

/** Frames from the anchor in which the ground is asked: what texture there is slips on bare ground with time. */
const NEAR_FRAMES = 6;
/** The camera drives where it goes on so straight: least part of its way that lies along its view. */
const AHEAD = 0.95;
/** Below the horizon, px: nearer to it depth says nothing of the ground. */
const LEAST_BELOW_PX = 20;
/** Residual in the near frames from which on a track says nothing, px. */
const LOST_PX = 4;
const LEAST_FRAMES = 3;
const LARGEST_SIGMA = 0.2;
/** Points lie on the same ground whose logarithms of the slope are no farther apart; what is so much farther lies behind it. */
const SAME = 0.25;
const BEHIND = 0.35;
/** Typical power of the distance from the horizon up to which their slopes are one; of two so far apart in its logarithm. */
const LEVEL = 0.5;
const LEAST_APART = 0.15;
const LEAST_POINTS = 6;
/** Weak tracks slip on bare ground, towards standing still: of those that do not, the least that tell it, and their share. */
const LEAST_STRONG = 3;
const LEAST_SHARE = 0.5;
/** Part of the picture's width that they have to span. */
const LEAST_WIDTH = 0.2;
/** How far the horizon is off as likely as not, px, and the least that ground is uneven, in log depth. */
const HORIZON_PX = 5;
const UNEVEN = 0.1;
/** From a bare point to one that holds and stands on the ground or moves there, in spacings of the points. */
const BESIDE = 1.6;
/** Texture from which on no track slips along the ground: what it shows stands or moves there. */
const STANDS_OUT = 16;
const MAD = 1.4826;

/** Ground that the camera drives along: 1/depth grows by `slope` a px below the horizon. */
interface Ground {
  readonly horizonY: number;
  readonly slope: number;
  /** Of its logarithm over the points that tell it. */
  readonly spread: number;
  readonly points: ReadonlySet<number>;
  /** Points that hold, below the horizon, and were seen long enough to tell whether they lie on it. */
  readonly seen: readonly number[];
}

/**
 * Bare ground under a camera that drives along it, as deep as the level plane through those of its points that
 * hold: they are asked over the frames next to the anchor, and the plane's horizon is that of the way itself. Its
 * points are unknown, since no track tells them; `groundN` says which they are, and their deviation counts how far
 * the plane's own points are apart. As it was where the camera does not drive, where too few points agree on
 * one plane, and beside whatever stands or moves on it.
 */
export function withGround(
  observations: Observations,
  held: readonly number[],
  field: SpaceField,
  size: Size,
): SpaceField {
  const ground = findGround(observations, held, field, size);
  if (!ground) return field;
  const anchorN2 = anchorPositions(observations);
  const { pointCount } = observations.tracks;
  const planeAt = (n: number) => ground.slope * (anchorN2[2 * n + 1] - ground.horizonY);
  // A weak track that stands still in the picture tells of something far behind the ground: nothing is seen there.
  const isBehind = (n: number) => field.inverseDepthN[n] < Math.exp(-BEHIND) * planeAt(n);
  const isWeak = (n: number) => (observations.textureN?.[n] ?? Infinity) < STANDS_OUT;
  const others = ground.seen.filter(
    (n) => !ground.points.has(n) && !(isWeak(n) && (field.stateN[n] !== STATIC || isBehind(n))),
  );
  const reach = BESIDE * Math.sqrt((size.width * size.height) / pointCount);
  const inverseDepthN = field.inverseDepthN.slice();
  const sigmaLogN = field.sigmaLogN.slice();
  const stateN = field.stateN.slice();
  const groundN = new Uint8Array(pointCount);
  for (let n = 0; n < pointCount; n++) {
    const below = anchorN2[2 * n + 1] - ground.horizonY;
    if (below < LEAST_BELOW_PX || !(isWeak(n) || ground.points.has(n))) continue;
    if (field.stateN[n] !== UNKNOWN && !(isWeak(n) && isBehind(n))) continue;
    const isBeside = others.some(
      (other) =>
        Math.hypot(
          anchorN2[2 * other] - anchorN2[2 * n],
          anchorN2[2 * other + 1] - anchorN2[2 * n + 1],
        ) < reach,
    );
    if (isBeside) continue;
    groundN[n] = 1;
    stateN[n] = UNKNOWN;
    inverseDepthN[n] = planeAt(n);
    sigmaLogN[n] = Math.hypot(ground.spread, UNEVEN, HORIZON_PX / below);
  }
  return groundN.some((own) => own === 1)
    ? { ...field, inverseDepthN, sigmaLogN, stateN, groundN }
    : field;
}

function findGround(
  observations: Observations,
  held: readonly number[],
  field: SpaceField,
  size: Size,
): Ground | null {
  if (!field.cameras) return null;
  const { anchorFrame, tracks } = observations;
  const near = Array.from({ length: tracks.frameCount }, (_, t) => t).filter(
    (t) => Math.abs(t - anchorFrame) <= NEAR_FRAMES,
  );
  const all = asCameras(field.cameras);
  const horizonY = horizonOf(all, near[0], anchorFrame);
  if (horizonY === null) return null;
  const cameras = pickCameras(all, near);
  const asked = pickFrames(observations, near);
  const anchorN2 = anchorPositions(observations);
  const seen: number[] = [];
  const slopes: { readonly n: number; readonly log: number }[] = [];
  for (const n of held) {
    const below = anchorN2[2 * n + 1] - horizonY;
    if (below < LEAST_BELOW_PX) continue;
    const rho = triangulate(asked, cameras, n);
    const { frames, squaredPx2, information } = pointResidual(asked, cameras, n, rho);
    if (frames < LEAST_FRAMES) continue;
    seen.push(n);
    const isTold =
      squaredPx2 < LOST_PX * LOST_PX * frames && rho * Math.sqrt(information) * LARGEST_SIGMA > 1;
    if (isTold) slopes.push({ n, log: Math.log(rho / below) });
  }
  const agreeing = ({ log }: { log: number }) =>
    slopes.filter((other) => Math.abs(other.log - log) < SAME);
  const best = slopes.map(agreeing).reduce((a, b) => (b.length > a.length ? b : a), []);
  const isStrong = ({ n }: { n: number }) => (observations.textureN?.[n] ?? 0) >= STANDS_OUT;
  const strong = best.filter(isStrong);
  const xs = best.map(({ n }) => anchorN2[2 * n]);
  const isWide = Math.max(...xs) - Math.min(...xs) > LEAST_WIDTH * size.width;
  const isAgreed = strong.length >= LEAST_SHARE * slopes.filter(isStrong).length;
  if (best.length < LEAST_POINTS || strong.length < LEAST_STRONG || !isAgreed || !isWide) {
    return null;
  }
  // Were the horizon elsewhere, slopes would change with the distance from it.
  const trends = best.flatMap((a, i) =>
    best.slice(i + 1).flatMap((b) => {
      const apart = Math.log(
        (anchorN2[2 * a.n + 1] - horizonY) / (anchorN2[2 * b.n + 1] - horizonY),
      );
      return Math.abs(apart) < LEAST_APART ? [] : [(a.log - b.log) / apart];
    }),
  );
  if (trends.length === 0 || Math.abs(medianOf(trends)) > LEVEL) return null;
  const middle = medianOf(strong.map(({ log }) => log));
  const spread = MAD * medianOf(best.map(({ log }) => Math.abs(log - middle)));
  const points = new Set(best.map(({ n }) => n));
  return { horizonY, slope: Math.exp(middle), spread, points, seen };
}

/** Where the way from frame t to the anchor meets the picture, its y; null where it does not lead along the view. */
function horizonOf(cameras: Cameras, t: number, anchorFrame: number): number | null {
  const [x, y, z] = centresOf(cameras).subarray(3 * t, 3 * t + 3);
  const way = Math.hypot(x, y, z);
  if (!(way > 0) || Math.abs(z) < AHEAD * way) return null;
  return cameras.centre[1] + (cameras.focalPxT[anchorFrame] * y) / z;
}
