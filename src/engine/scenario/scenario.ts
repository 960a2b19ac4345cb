import type { Size } from "../../domain/clip.ts";
import type { CameraPathT6 } from "../../domain/forecast.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import { HORIZON_FRAMES, WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { randomStream, STREAM } from "../random/philox.ts";
import { type AffineField, affineAt, robustAffine, writeAffineMap } from "./affine.ts";

/**
 * Scenarios: futures without learning. A point has moved v·(d + d² + … + d^h) at h frames after
 * "now"; v is its velocity over `span` frames, d the decay, and of what v differs from the camera's
 * velocity at that point the share 1 − cameraShare is kept.
 */
export interface ScenarioParams {
  /** Frames over which the velocity is measured; shorter where the point was hidden or unknown. */
  readonly span: number;
  /** 0: own velocity; 1: the robust affine fit of all velocities; 0.5: half and half. */
  readonly cameraShare: number;
  /** 0: stands still; 1: goes on for ever. */
  readonly decay: number;
}

export const SPANS = [2, 4, 8] as const;
export const CAMERA_SHARES = [0, 0.5, 1] as const;
export const DECAYS = [0, 0.8, 0.9, 0.95, 0.98, 1] as const;

/** Neighbours in this order are far apart, so that three seeds already span slow to steady. */
const DECAY_ORDER = [3, 0, 5, 1, 4, 2];

/**
 * What the seed draws. Decays are stratified by the seed itself: any six consecutive seeds hold
 * every decay once, and a seed draws the same whatever else is sampled.
 */
export function scenarioParams(seed: number): ScenarioParams {
  const random = randomStream(seed, STREAM.scenario);
  const stratum = ((seed % DECAYS.length) + DECAYS.length) % DECAYS.length;
  return {
    span: SPANS[random.below(SPANS.length)],
    cameraShare: CAMERA_SHARES[random.below(CAMERA_SHARES.length)],
    decay: DECAYS[DECAY_ORDER[stratum]],
  };
}

/** A scenario as camera and objects apart; frame 0 is the frame after "now". */
export interface Scenario {
  /** [T,N,2] videoPx as if the camera stood still: query point + residual displacement. */
  readonly stabilisedTN2: Float32Array;
  readonly cameraPathT6: CameraPathT6;
}

/** Velocities of one span, px a frame: the camera's affine field and what points do besides. */
export interface SpanMotion {
  readonly camera: AffineField;
  /** [N,2]; 0 for points whose velocity is not known, which then move with the camera. */
  readonly residualN2: Float64Array;
}

/** `history`: [T,N,2] videoPx of a frame of `size` in time order, the last frame is "now". One frame
 * has velocity 0. */
export function spanMotion(history: Tracks, span: number, size: Size = WORKING_SIZE): SpanMotion {
  const { frameCount, pointCount: n, tracksTN2, visibilityTN } = history;
  const now = frameCount - 1;
  const velocityN2 = new Float64Array(2 * n);
  const knownN = new Uint8Array(n);
  for (let s = Math.min(span, now); s >= 1; s--) {
    for (let i = 0; i < n; i++) {
      if (knownN[i] || !visibilityTN[(now - s) * n + i]) continue;
      knownN[i] = 1;
      for (let k = 0; k < 2; k++) {
        const past = tracksTN2[2 * ((now - s) * n + i) + k];
        velocityN2[2 * i + k] = (tracksTN2[2 * (now * n + i) + k] - past) / s;
      }
    }
  }
  const xyN2 = tracksTN2.subarray(2 * now * n);
  const camera = robustAffine(xyN2, velocityN2, knownN, size);
  const residualN2 = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    if (!knownN[i]) continue;
    const [u, v] = affineAt(camera, xyN2[2 * i], xyN2[2 * i + 1]);
    residualN2[2 * i] = velocityN2[2 * i] - u;
    residualN2[2 * i + 1] = velocityN2[2 * i + 1] - v;
  }
  return { camera, residualN2 };
}

/** The scenario of `params`; positions start from the last frame of `history`. */
export function factoredScenario(
  history: Tracks,
  params: ScenarioParams,
  motion: SpanMotion = spanMotion(history, params.span),
  frameCount: number = HORIZON_FRAMES,
): Scenario {
  const { pointCount: n } = history;
  const xyN2 = history.tracksTN2.subarray(2 * (history.frameCount - 1) * n);
  const stabilisedTN2 = new Float32Array(frameCount * n * 2);
  const cameraPathT6 = new Float32Array(frameCount * 6);
  const kept = 1 - params.cameraShare;
  let damping = 1;
  let cumulativeDamping = 0;
  for (let t = 0; t < frameCount; t++) {
    damping *= params.decay;
    cumulativeDamping += damping;
    writeAffineMap(motion.camera, cumulativeDamping, cameraPathT6, 6 * t);
    const residualScale = cumulativeDamping * kept;
    for (let i = 0; i < 2 * n; i++) {
      stabilisedTN2[2 * t * n + i] = xyN2[i] + residualScale * motion.residualN2[i];
    }
  }
  return { stabilisedTN2, cameraPathT6 };
}

/** Stabilised positions seen through the camera; visible = inside the frame. */
export function composeScenario(scenario: Scenario, size: Size = WORKING_SIZE): Tracks {
  const { stabilisedTN2, cameraPathT6 } = scenario;
  const frameCount = cameraPathT6.length / 6;
  const pointCount = stabilisedTN2.length / 2 / frameCount;
  const tracks = createTracks(frameCount, pointCount);
  for (let t = 0; t < frameCount; t++) {
    const [a, b, c, d, e, f] = cameraPathT6.subarray(6 * t, 6 * t + 6);
    for (let i = t * pointCount; i < (t + 1) * pointCount; i++) {
      const x = stabilisedTN2[2 * i];
      const y = stabilisedTN2[2 * i + 1];
      tracks.tracksTN2[2 * i] = a * x + b * y + c;
      tracks.tracksTN2[2 * i + 1] = d * x + e * y + f;
      const seen = isInsideFrame(tracks.tracksTN2[2 * i], tracks.tracksTN2[2 * i + 1], size);
      tracks.visibilityTN[i] = seen ? 1 : 0;
    }
  }
  return tracks;
}
