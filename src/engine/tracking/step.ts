import {
  IDENTITY_WARP,
  type Match,
  type Patch,
  type Plane,
  type Pyramid,
  type TrackingKernel,
} from "./kernel/kernel.ts";
import { type Affine, consensus, fitSharedAffine } from "./neighbours.ts";

/** Prior strength, mean grey²/px²: what compression noise alone shows as gradient. */
const PULL = 1;
/** Mean squared gradient at which a patch counts half as evidence for its neighbours. */
const HALF_TRUST_TEXTURE = 4;
/**
 * What a patch without texture says for standing still, beside 1 of a textured patch for its motion.
 * Plain walls and skies show no motion of their own; without a say of theirs, whatever moves in
 * front would take them along.
 */
const STILLNESS = 0.6;
/** Levels (from the finest) at which a point's own motion of before is a start of its own. */
const INERTIA_LEVEL = 1;
/** Residual at which a match counts half as evidence, grey levels. */
const HALF_TRUST_RMS = 8;

/** Work buffers of one tracking run over N points. Positions are videoPx. */
export interface StepBuffers {
  readonly kernel: TrackingKernel;
  readonly neighboursNK: Int32Array;
  readonly affinityNK: Float32Array;
  readonly patch: Patch;
  readonly coarsePatch: Patch;
  readonly match: Match;
  /** For the way back. */
  readonly back: Match;
  /** [N,2] where each point's own patch says that it goes; flat ones say: nowhere. */
  readonly heardN2: Float64Array;
  readonly isFlatN: Uint8Array;
  readonly inertiaN2: Float64Array;
  readonly priorN2: Float64Array;
  readonly residualN2: Float64Array;
  readonly evidenceN: Float64Array;
  readonly backN2: Float64Array;
}

export const FINE_PATCH = { radius: 8, spread: 0.7, invariant: true };
export const COARSE_PATCH = { radius: 5, spread: 0.9, invariant: true };

export function createStepBuffers(
  kernel: TrackingKernel,
  n: number,
  neighboursNK: Int32Array,
): StepBuffers {
  return {
    kernel,
    neighboursNK,
    affinityNK: new Float32Array(neighboursNK.length).fill(1),
    patch: kernel.createPatch(FINE_PATCH),
    coarsePatch: kernel.createPatch(COARSE_PATCH),
    match: kernel.createMatch(),
    back: kernel.createMatch(),
    heardN2: new Float64Array(n * 2),
    isFlatN: new Uint8Array(n),
    inertiaN2: new Float64Array(n * 2),
    priorN2: new Float64Array(n * 2),
    residualN2: new Float64Array(n * 2),
    evidenceN: new Float64Array(n),
    backN2: new Float64Array(n * 2),
  };
}

/** Motion of all points from one frame to the next. */
export interface StepResult {
  /** [N,2] position in the new frame. */
  readonly toN2: Float64Array;
  /** [N,2] position that the neighbours' motion alone would give. */
  readonly predictedN2: Float64Array;
  /** [N] distance between a point and where it comes back to, px. */
  readonly roundTripN: Float64Array;
  readonly rmsN: Float64Array;
  readonly correlationN: Float64Array;
  /** [N] mean squared gradient of the patch in its weakest direction. */
  readonly textureN: Float64Array;
}

export function createStepResult(n: number): StepResult {
  return {
    toN2: new Float64Array(n * 2),
    predictedN2: new Float64Array(n * 2),
    roundTripN: new Float64Array(n),
    rmsN: new Float64Array(n),
    correlationN: new Float64Array(n),
    textureN: new Float64Array(n),
  };
}

/**
 * Coarse to fine alignment of every point from `from` to `to`; between levels each point hears the
 * consensus of its neighbours, which decides where its own patch is flat and offers a second start.
 * `toN2` holds the starts and receives the results.
 */
function alignAll(
  b: StepBuffers,
  from: Pyramid,
  to: Pyramid,
  fromN2: Float64Array,
  toN2: Float64Array,
  trustN: Float64Array,
  topLevel: number,
  result: StepResult | undefined,
): Affine {
  const n = trustN.length;
  const { kernel, match, heardN2, isFlatN, inertiaN2, priorN2, residualN2, evidenceN } = b;
  let shared: Affine = Float64Array.of(1, 0, 0, 0, 1, 0);
  priorN2.set(toN2);
  inertiaN2.set(toN2);
  for (let level = topLevel; level >= 0; level--) {
    const scale = 2 ** (level + 1);
    const source = from.levels[level];
    const target = to.levels[level];
    const patch = level === 0 ? b.patch : b.coarsePatch;
    const pull = PULL * patch.windowSum;
    const iterations = level === 0 ? 8 : 6;
    // Nothing follows the finest level of the way back: only where the points end is asked of it.
    const isLast = level === 0 && !result;
    for (let i = 0; i < n; i++) {
      const px = (fromN2[2 * i] + 0.5) / scale - 0.5;
      const py = (fromN2[2 * i + 1] + 0.5) / scale - 0.5;
      const priorX = (priorN2[2 * i] + 0.5) / scale - 0.5;
      const priorY = (priorN2[2 * i + 1] + 0.5) / scale - 0.5;
      const startX = (toN2[2 * i] + 0.5) / scale - 0.5;
      const startY = (toN2[2 * i + 1] + 0.5) / scale - 0.5;
      kernel.cut(patch, source, px, py, IDENTITY_WARP);
      match.moveTo(startX, startY);
      kernel.align(match, patch, target, priorX, priorY, pull, iterations);
      let isCompared = false;
      if ((startX - priorX) ** 2 + (startY - priorY) ** 2 > 0.5) {
        kernel.compare(match, patch, target);
        realign(kernel, match, patch, target, priorX, priorY, priorX, priorY, pull, iterations);
        isCompared = true;
      }
      if (level <= INERTIA_LEVEL && level < topLevel) {
        // Small objects drown in their background's motion at coarse levels; inertia keeps them.
        const x = (inertiaN2[2 * i] + 0.5) / scale - 0.5;
        const y = (inertiaN2[2 * i + 1] + 0.5) / scale - 0.5;
        if ((match.x - x) ** 2 + (match.y - y) ** 2 > 1) {
          if (!isCompared) kernel.compare(match, patch, target);
          realign(kernel, match, patch, target, x, y, priorX, priorY, pull, iterations);
          isCompared = true;
        }
      }
      toN2[2 * i] = (match.x + 0.5) * scale - 0.5;
      toN2[2 * i + 1] = (match.y + 0.5) * scale - 0.5;
      if (isLast) continue;
      if (!isCompared) kernel.compare(match, patch, target);
      const texture = patch.leastTexture;
      const fit = match.rms / HALF_TRUST_RMS;
      const flatness = HALF_TRUST_TEXTURE / (patch.mostTexture + HALF_TRUST_TEXTURE);
      const isFlat = flatness > 0.5;
      isFlatN[i] = isFlat ? 1 : 0;
      evidenceN[i] =
        (trustN[i] * (isFlat ? STILLNESS * flatness : texture / (texture + HALF_TRUST_TEXTURE))) /
        (1 + fit * fit);
      for (let c = 2 * i; c < 2 * i + 2; c++) heardN2[c] = isFlat ? fromN2[c] : toN2[c];
      if (level === 0 && result) {
        result.rmsN[i] = match.rms;
        result.correlationN[i] = match.correlation;
        result.textureN[i] = texture;
      }
    }
    if (isLast) break;
    shared = fitSharedAffine(fromN2, heardN2, evidenceN, 1);
    for (let i = 0; i < n; i++) {
      const x = fromN2[2 * i];
      const y = fromN2[2 * i + 1];
      // Flat patches back the shared motion, whatever their neighbours in front do.
      const own = isFlatN[i] ? 0 : 1;
      residualN2[2 * i] = own * (toN2[2 * i] - (shared[0] * x + shared[1] * y + shared[2]));
      residualN2[2 * i + 1] = own * (toN2[2 * i + 1] - (shared[3] * x + shared[4] * y + shared[5]));
    }
    consensus(priorN2, residualN2, evidenceN, b.neighboursNK, b.affinityNK, 0.5 * scale);
    for (let i = 0; i < n; i++) {
      const x = fromN2[2 * i];
      const y = fromN2[2 * i + 1];
      priorN2[2 * i] += shared[0] * x + shared[1] * y + shared[2];
      priorN2[2 * i + 1] += shared[3] * x + shared[4] * y + shared[5];
    }
  }
  return shared;
}

/** Aligns a match that has been compared again from another start and keeps what fits better. */
function realign(
  kernel: TrackingKernel,
  match: Match,
  patch: Patch,
  target: Plane,
  startX: number,
  startY: number,
  priorX: number,
  priorY: number,
  pull: number,
  iterations: number,
): void {
  const { x, y, rms, correlation } = match;
  match.moveTo(startX, startY);
  kernel.align(match, patch, target, priorX, priorY, pull, iterations);
  kernel.compare(match, patch, target);
  if (!(match.rms < rms)) match.set(x, y, rms, correlation);
}

/**
 * Moves all points one frame on. `startN2`: where to look first. `trustN` [N]: 1 for points whose
 * position in `from` is known, less for hidden ones, which then follow their neighbours.
 */
export function stepPoints(
  b: StepBuffers,
  from: Pyramid,
  to: Pyramid,
  fromN2: Float64Array,
  startN2: Float64Array,
  trustN: Float64Array,
  result: StepResult,
): void {
  const top = from.levels.length - 1;
  const { toN2, predictedN2 } = result;
  toN2.set(startN2);
  alignAll(b, from, to, fromN2, toN2, trustN, top, result);
  predictedN2.set(b.priorN2);
  const { backN2 } = b;
  for (let i = 0; i < backN2.length; i++) {
    // The way back starts from the neighbours' motion, not from the answer it should confirm.
    backN2[i] = toN2[i] - (predictedN2[i] - fromN2[i]);
  }
  alignAll(b, to, from, toN2, backN2, trustN, Math.min(1, top), undefined);
  for (let i = 0; i < trustN.length; i++) {
    result.roundTripN[i] = Math.hypot(
      backN2[2 * i] - fromN2[2 * i],
      backN2[2 * i + 1] - fromN2[2 * i + 1],
    );
  }
}
