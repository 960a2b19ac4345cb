import { medianOf } from "./median.ts";
import type { SpaceTracks } from "./space-tracks.ts";

/**
 * How a prediction is brought to the truth's scale: by the median norm of points visible in both; track by
 * track so that its depth at its query frame is right; the same, but judged on all points that pass within
 * 5 cm of the track; not at all.
 */
export type TapVid3dScaling = "median" | "per-trajectory" | "local-neighbourhood" | "none";

export interface TapVid3dOptions {
  /** Of a picture whose shorter side is 256 px. */
  readonly focalPx: readonly [number, number];
  readonly scaling?: TapVid3dScaling;
  /** [N] for the scalings by track. */
  readonly queryFrameN?: ArrayLike<number>;
}

export interface TapVid3d {
  /** Share of points visible in truth within each threshold, mean over thresholds. */
  readonly apd: number;
  /** Average Jaccard: visibility and position at once. */
  readonly aj: number;
  /** Share of points and frames whose visibility is right. */
  readonly oa: number;
}

const THRESHOLDS_PX = [1, 2, 4, 8, 16];
const NEIGHBOURHOOD_METRES = 0.05;

/**
 * TAPVid-3D (Koppula et al., 2024) of one clip, both in camera coordinates: a point counts as met within
 * δ·Z/√(fx·fy), Z of the truth, δ = 1 … 16. The benchmark is the mean over clips, then over its sources.
 */
export function tapVid3d(
  truth: SpaceTracks,
  predicted: SpaceTracks,
  { focalPx, scaling = "median", queryFrameN }: TapVid3dOptions,
): TapVid3d {
  const perPx = 1 / Math.sqrt(focalPx[0] * focalPx[1]);
  const [within, met, falsely] = [0, 0, 0].map(() => new Float64Array(THRESHOLDS_PX.length));
  let [visible, equal, total] = [0, 0, 0];
  for (const { at, scale, weight } of judged(truth, predicted, scaling, queryFrameN)) {
    const isVisible = truth.visibilityTN[at] > 0;
    const saysVisible = predicted.visibilityTN[at] > 0;
    total += weight;
    if (isVisible === saysVisible) equal += weight;
    if (isVisible) visible += weight;
    let square = 0;
    for (let c = 0; c < 3; c++) {
      square += (scale * predicted.xyzTN3[3 * at + c] - truth.xyzTN3[3 * at + c]) ** 2;
    }
    THRESHOLDS_PX.forEach((px, i) => {
      const isNear = square < (px * perPx * truth.xyzTN3[3 * at + 2]) ** 2;
      if (isNear && isVisible) within[i] += weight;
      if (isNear && isVisible && saysVisible) met[i] += weight;
      if (saysVisible && !(isVisible && isNear)) falsely[i] += weight;
    });
  }
  const mean = (share: (i: number) => number) =>
    THRESHOLDS_PX.reduce((sum, _, i) => sum + share(i), 0) / THRESHOLDS_PX.length;
  return {
    apd: mean((i) => within[i] / visible),
    aj: mean((i) => met[i] / (visible + falsely[i])),
    oa: equal / total,
  };
}

interface Judged {
  /** Index t·N + n. */
  readonly at: number;
  readonly scale: number;
  readonly weight: number;
}

function* judged(
  truth: SpaceTracks,
  predicted: SpaceTracks,
  scaling: TapVid3dScaling,
  queryFrameN: ArrayLike<number> | undefined,
): Generator<Judged> {
  const { frameCount, pointCount } = truth;
  const count = frameCount * pointCount;
  if (scaling === "median" || scaling === "none") {
    const scale = scaling === "none" ? 1 : medianScale(truth, predicted);
    for (let at = 0; at < count; at++) yield { at, scale, weight: 1 };
    return;
  }
  for (let n = 0; n < pointCount; n++) {
    const query = (queryFrameN?.[n] ?? 0) * pointCount + n;
    const depth = (tracks: SpaceTracks) => Math.max(1e-12, tracks.xyzTN3[3 * query + 2]);
    const scale = depth(truth) / depth(predicted);
    const own = Array.from({ length: frameCount }, (_, t) => t * pointCount + n);
    const set = scaling === "per-trajectory" ? own : neighbours(truth, n);
    const seen = (points: readonly number[]) =>
      points.reduce((sum, at) => sum + (truth.visibilityTN[at] > 0 ? 1 : 0), 0);
    const weight = scaling === "per-trajectory" ? 1 : seen(own) / Math.max(1, seen(set));
    for (const at of set) yield { at, scale, weight };
  }
}

function medianScale(truth: SpaceTracks, predicted: SpaceTracks): number {
  const both = Array.from({ length: truth.frameCount * truth.pointCount }, (_, at) => at).filter(
    (at) => truth.visibilityTN[at] > 0 && predicted.visibilityTN[at] > 0,
  );
  const norm = ({ xyzTN3 }: SpaceTracks) =>
    medianOf(both.map((at) => Math.hypot(xyzTN3[3 * at], xyzTN3[3 * at + 1], xyzTN3[3 * at + 2])));
  return norm(truth) / norm(predicted);
}

/** Points and frames that pass track n within 5 cm, itself included. */
function neighbours({ frameCount, pointCount, xyzTN3 }: SpaceTracks, n: number): number[] {
  const near: number[] = [];
  for (let t = 0; t < frameCount; t++) {
    const own = 3 * (t * pointCount + n);
    for (let m = 0; m < pointCount; m++) {
      const o = 3 * (t * pointCount + m);
      const distance2 = [0, 1, 2].reduce(
        (sum, c) => sum + (xyzTN3[o + c] - xyzTN3[own + c]) ** 2,
        0,
      );
      if (distance2 < NEIGHBOURHOOD_METRES ** 2) near.push(t * pointCount + m);
    }
  }
  return near;
}
