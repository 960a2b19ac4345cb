import type { Size } from "../../domain/clip.ts";
import { type SpaceField, STATIC } from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { pickCameras, stillCameras } from "./cameras.ts";
import { estimateSpace } from "./estimate.ts";
import { applyHomography, fitHomography } from "./homography.ts";
import { type Observations, pickFrames, pickPoints } from "./observations.ts";
import { resectFrame } from "./resection.ts";
import { pointResidual, triangulate } from "./residuals.ts";

/** What tracks that the estimate never saw say of it, where no truth is known. */
export interface HeldOut {
  /** Median reprojection error of held-out tracks in held-out frames, px. */
  readonly errorPx: number;
  /** Of the same, moved by each frame's own homography. */
  readonly homographyPx: number;
  /** Median |ρ/ρ' − 1| of the same points under the cameras of either half of the points; NaN where one
   * half alone knows nothing. */
  readonly halvesAbsRel: number;
}

/** How the space of tracks is estimated: by the adjustment alone, or with what a network tells of them. */
export type Estimating = (observations: Observations) => SpaceField | Promise<SpaceField>;

/** Points that a frame needs for a camera and a homography of its own. */
const LEAST_VISIBLE = 16;

/**
 * Half of the points and every other frame make the estimate; a frame that was held out gets its camera
 * from that half, a point that was held out its inverse depth from those frames. Null where nothing is
 * known of the clip, or no frame that was held out sees enough of it.
 */
export async function judgeHeldOut(
  all: Observations,
  size: Size,
  estimating: Estimating = (observations) => estimateSpace(observations, size),
): Promise<HeldOut | null> {
  const { frameCount, pointCount } = all.tracks;
  const half = (parity: number) =>
    Array.from({ length: pointCount }, (_, n) => n).filter((n) => n % 2 === parity);
  const seenFrames = Array.from({ length: frameCount }, (_, t) => t).filter(
    (t) => (all.anchorFrame - t) % 2 === 0,
  );
  const seen = pickPoints(all, half(0));
  const heldOut = pickPoints(all, half(1));
  const first = await estimating(pickFrames(seen, seenFrames));
  if (!first.cameras) return null;
  const start = stillCameras(seenFrames.length, first.focal.px, first.cameras.centre);
  start.rotationT9.set(first.cameras.rotationT9);
  start.translationT3.set(first.cameras.translationT3);
  const nearest = Array.from({ length: frameCount }, (_, t) =>
    seenFrames.reduce(
      (best, own, i) => (Math.abs(own - t) < Math.abs(seenFrames[best] - t) ? i : best),
      0,
    ),
  );
  const cameras = pickCameras(start, nearest);
  const usedN = first.stateN.map((state) => (state === STATIC ? 1 : 0));
  const trained = pickFrames(heldOut, seenFrames);
  const depths = Float64Array.from({ length: heldOut.tracks.pointCount }, (_, n) =>
    triangulate(trained, start, n),
  );
  const errors: number[] = [];
  const homographyErrors: number[] = [];
  for (let t = 0; t < frameCount; t++) {
    if (seenFrames.includes(t) || visibleIn(seen, t) < LEAST_VISIBLE) continue;
    const options = { free: "pose", scalesPx: [6, 3, 2, 2], usedN } as const;
    resectFrame(seen, cameras, first.inverseDepthN, t, options);
    const map = frameHomography(seen, t);
    const alone = pickFrames(heldOut, [t, all.anchorFrame]);
    const pair = pickCameras(cameras, [t, all.anchorFrame]);
    for (let n = 0; n < depths.length; n++) {
      const { frames, squaredPx2 } = pointResidual(alone, pair, n, depths[n]);
      if (!frames) continue;
      errors.push(Math.sqrt(squaredPx2));
      homographyErrors.push(homographyError(heldOut, map, t, n));
    }
  }
  if (errors.length === 0) return null;
  return {
    errorPx: medianOf(errors),
    homographyPx: medianOf(homographyErrors),
    halvesAbsRel: halvesAgreement(await estimating(trained), depths),
  };
}

function visibleIn({ tracks: { pointCount, visibilityTN } }: Observations, t: number): number {
  return visibilityTN
    .subarray(t * pointCount, (t + 1) * pointCount)
    .reduce((sum, seen) => sum + seen, 0);
}

function frameHomography({ tracks, anchorFrame }: Observations, t: number): Float64Array {
  const { pointCount, tracksTN2, visibilityTN } = tracks;
  const at = (frame: number) =>
    tracksTN2.subarray(2 * frame * pointCount, 2 * (frame + 1) * pointCount);
  const usedN = visibilityTN.subarray(t * pointCount, (t + 1) * pointCount);
  return fitHomography(at(anchorFrame), at(t), usedN);
}

function homographyError(
  { tracks: { pointCount, tracksTN2 }, anchorFrame }: Observations,
  map: Float64Array,
  t: number,
  n: number,
): number {
  const a = 2 * (anchorFrame * pointCount + n);
  const o = 2 * (t * pointCount + n);
  const [x, y] = applyHomography(map, tracksTN2[a], tracksTN2[a + 1]);
  return Math.hypot(x - tracksTN2[o], y - tracksTN2[o + 1]);
}

/** The held-out half estimated by itself, against its depths under the other half's cameras. */
function halvesAgreement(second: SpaceField, depths: Float64Array): number {
  if (!second.cameras) return Number.NaN;
  const still = [...second.stateN.keys()].filter(
    (n) => second.stateN[n] === STATIC && depths[n] > 0.02,
  );
  if (still.length === 0) return Number.NaN;
  const ratios = still.map((n) => second.inverseDepthN[n] / depths[n]);
  const scale = medianOf(ratios);
  return medianOf(ratios.map((ratio) => Math.abs(ratio / scale - 1)));
}
