import { isInsideFrame } from "../../domain/inside-frame.ts";
import type { Pyramid } from "./kernel/kernel.ts";
import type { TrackState } from "./state.ts";
import type { StepBuffers, StepResult } from "./step.ts";

/** Spans tried after the direct one, in frames. */
const SPANS = [2, 4, 8, 16, 32];
const LONGEST_SPAN = Math.max(...SPANS);
/** Patches of long spans are matched at half size. */
const SCALE = 2;
const PULL = 0.5;
/** A match is believed above this correlation, or below this residual (grey levels). */
const GOOD_CORRELATION = 0.8;
const GOOD_RMS = 2.5;
/** Correlation and distance (px) at which the direct span makes further spans superfluous. */
const SURE_CORRELATION = 0.95;
const SURE_DISTANCE = 1;
/** Furthest that a span may move a point that is in sight, and one searched for again, px. */
const REACH = 5;
const SEARCH_REACH = 10;
/** Round trip of a frame-to-frame match that still counts as sight, px. */
const ROUND_TRIP = 1.5;
/** Neighbouring pixels share their noise: expected squared error over that of independent ones. */
const NOISE_GAIN = 0.02;
/** Error that a patch which no longer resembles the picture may hide, px. */
const MISFIT_PX = 0.4;
/** Through its warp a patch may have so much more texture than upright, as a factor and beside it. */
const MORE_TEXTURE = 4;
const FURTHER_TEXTURE = 2;
/** What one alignment costs in accuracy at best, px². */
const FLOOR_VARIANCE = 0.04 ** 2;

/** Departure of chain and neighbours that makes a second look worth while, px. */
const SECOND_LOOK = 2;
/** Unconfirmed departure from the neighbours' motion after which a point counts as hidden, px. */
const DOUBT = 6;
const warp = new Float64Array(4);

/** The best answer so far for one point and frame. */
const best = { x: 0, y: 0, variance: 0, isSure: false };

/** Decides point i's position, uncertainty and visibility in frame t. */
export function settlePoint(
  state: TrackState,
  b: StepBuffers,
  step: StepResult,
  pyramids: readonly Pyramid[],
  t: number,
  i: number,
): void {
  const predictedX = step.predictedN2[2 * i];
  const predictedY = step.predictedN2[2 * i + 1];
  const chainX = step.toN2[2 * i];
  const chainY = step.toN2[2 * i + 1];
  const chainOk =
    state.trustN[i] === 1 &&
    step.roundTripN[i] < ROUND_TRIP &&
    (step.correlationN[i] > GOOD_CORRELATION || step.rmsN[i] < GOOD_RMS);
  best.x = predictedX;
  best.y = predictedY;
  best.variance = Number.POSITIVE_INFINITY;
  best.isSure = false;
  if (chainOk) {
    best.x = chainX;
    best.y = chainY;
    best.variance =
      state.varianceN[t - 1][i] +
      matchVariance(step.rmsN[i], step.correlationN[i], step.textureN[i]) +
      0.1 * step.roundTripN[i] ** 2;
    best.isSure = t <= 2;
    trySpans(state, b, pyramids, t, i, chainX, chainY, true);
  }
  const departure = Math.hypot(chainX - predictedX, chainY - predictedY);
  if (!chainOk || (!best.isSure && departure > SECOND_LOOK)) {
    trySpans(state, b, pyramids, t, i, predictedX, predictedY, false);
  }
  const seen =
    isInsideFrame(best.x, best.y, state.size) && best.variance < Number.POSITIVE_INFINITY;
  const xy = state.xyN2[t];
  const guess = state.guessN2[t];
  const lastSure = state.lastSureN[t - 1][i];
  xy[2 * i] = seen ? best.x : predictedX;
  xy[2 * i + 1] = seen ? best.y : predictedY;
  state.varianceN[t][i] = seen ? best.variance : state.varianceN[t - 1][i] + 1;
  state.lastSeenN[t][i] = seen ? t : state.lastSeenN[t - 1][i];
  state.lastSureN[t][i] = seen && best.isSure ? t : lastSure;
  if (seen && best.isSure) {
    guess[2 * i] = best.x;
    guess[2 * i + 1] = best.y;
    return;
  }
  for (let c = 2 * i; c < 2 * i + 2; c++) {
    guess[c] = state.guessN2[t - 1][c] + step.predictedN2[c] - state.xyN2[t - 1][c];
  }
  const drift = Math.hypot(xy[2 * i] - guess[2 * i], xy[2 * i + 1] - guess[2 * i + 1]);
  if (drift > DOUBT || !seen) forget(state, lastSure, t, i);
}

/** Hides the point since it was last sure: what it followed since then was something else. */
function forget(state: TrackState, lastSure: number, t: number, i: number): void {
  for (let s = lastSure + 1; s <= t; s++) {
    state.lastSeenN[s][i] = lastSure;
    state.xyN2[s][2 * i] = state.guessN2[s][2 * i];
    state.xyN2[s][2 * i + 1] = state.guessN2[s][2 * i + 1];
  }
}

/** Aligns patches of earlier sure sights near (startX, startY) and keeps the best answer. */
function trySpans(
  state: TrackState,
  b: StepBuffers,
  pyramids: readonly Pyramid[],
  t: number,
  i: number,
  startX: number,
  startY: number,
  isNear: boolean,
): void {
  const { match } = b;
  const reach = isNear ? REACH : SEARCH_REACH;
  let previous = -1;
  for (let k = -1; k < SPANS.length; k++) {
    const lag = k < 0 ? t : SPANS[k];
    if (lag > t || (k >= 0 && lag === t)) break;
    const source = k < 0 ? 0 : state.lastSureN[t - lag][i];
    if (source === previous || (k >= 0 && source === 0)) continue;
    previous = source;
    if (isNear && !canTell(state, lag, source, t, i)) continue;
    const variance = matchSpan(state, b, pyramids, source, t, i, startX, startY, isNear);
    if (variance === Number.POSITIVE_INFINITY) continue;
    const { x, y, correlation } = match;
    const distance = Math.hypot(x - startX, y - startY);
    if (distance > reach) continue;
    if (!isNear && !returns(state, b, pyramids, source, t, i)) continue;
    if (lag >= 4 || t < 4) best.isSure = true;
    const total = state.varianceN[source][i] + variance;
    if (total < best.variance || (!isNear && best.variance > 1)) {
      best.variance = total;
      best.x = x;
      best.y = y;
    }
    if (k < 0 && correlation > SURE_CORRELATION && distance < SURE_DISTANCE) break;
  }
}

/**
 * Whether a match with frame `source` could still be the best answer or make the best one sure: no match is
 * more certain than the point was there and than its patch allows. Most spans are spared by this.
 */
function canTell(state: TrackState, lag: number, source: number, t: number, i: number): boolean {
  if (!best.isSure && (lag >= 4 || t < 4)) return true;
  const least = matchVariance(0, 1, MORE_TEXTURE * state.textureN[source][i] + FURTHER_TEXTURE);
  return state.varianceN[source][i] + least < best.variance;
}

/**
 * The frames up to `t` whose patches a later frame may look for: the first, the latest ones, and of each
 * point the one in which it was sure before those.
 */
export function framesStillNeeded(state: TrackState, t: number): ReadonlySet<number> {
  const oldest = Math.max(0, t + 1 - LONGEST_SPAN);
  const needed = new Set([0, ...state.lastSureN[oldest]]);
  for (let s = oldest; s <= t; s++) needed.add(s);
  return needed;
}

/** Expected squared error of one alignment, px² of the working frame. */
function matchVariance(rms: number, correlation: number, texture: number): number {
  const noise = ((rms * rms + 1) / (texture + PULL)) * NOISE_GAIN;
  const misfit = MISFIT_PX * (1 - Math.min(1, correlation)) * Math.min(1, rms / 4);
  return SCALE * SCALE * noise + misfit * misfit + FLOOR_VARIANCE;
}

/** Aligns the point's patch of frame `source` to frame t. Leaves match.x, match.y in videoPx. */
function matchSpan(
  state: TrackState,
  b: StepBuffers,
  pyramids: readonly Pyramid[],
  source: number,
  t: number,
  i: number,
  startX: number,
  startY: number,
  isNear: boolean,
): number {
  const { kernel, match } = b;
  const from = state.xyN2[source];
  setWarp(state.shapeN4[source], state.shapeN4[t], i);
  let x = startX;
  let y = startY;
  for (let level = isNear ? 0 : 1; level >= 0; level--) {
    const scale = SCALE << level;
    const patch = level === 0 ? b.patch : b.coarsePatch;
    const plane = pyramids[t].levels[level];
    if (!plane) continue;
    const fromX = (from[2 * i] + 0.5) / scale - 0.5;
    const fromY = (from[2 * i + 1] + 0.5) / scale - 0.5;
    kernel.cut(patch, pyramids[source].levels[level], fromX, fromY, warp);
    const levelX = (x + 0.5) / scale - 0.5;
    const levelY = (y + 0.5) / scale - 0.5;
    match.moveTo(levelX, levelY);
    kernel.align(match, patch, plane, levelX, levelY, PULL * patch.windowSum, 8);
    if (level === 0) kernel.compare(match, patch, plane);
    x = (match.x + 0.5) * scale - 0.5;
    y = (match.y + 0.5) * scale - 0.5;
  }
  match.moveTo(x, y);
  if (match.correlation < GOOD_CORRELATION && match.rms > GOOD_RMS) return Number.POSITIVE_INFINITY;
  return matchVariance(match.rms, match.correlation, b.patch.leastTexture);
}

/** Whether the patch found at match.x, match.y leads back to where it was cut. */
function returns(
  state: TrackState,
  { kernel, match, back, patch }: StepBuffers,
  pyramids: readonly Pyramid[],
  source: number,
  t: number,
  i: number,
): boolean {
  const from = state.xyN2[source];
  setWarp(state.shapeN4[t], state.shapeN4[source], i);
  const x = (match.x + 0.5) / SCALE - 0.5;
  const y = (match.y + 0.5) / SCALE - 0.5;
  kernel.cut(patch, pyramids[t].levels[0], x, y, warp);
  // A start beside the answer: only a real match pulls back onto it.
  const homeX = (from[2 * i] + 0.5) / SCALE - 0.5;
  const homeY = (from[2 * i + 1] + 0.5) / SCALE - 0.5;
  back.moveTo(homeX + 1, homeY + 1);
  const pull = PULL * patch.windowSum;
  kernel.align(back, patch, pyramids[source].levels[0], homeX, homeY, pull, 8);
  return Math.hypot(back.x - homeX, back.y - homeY) * SCALE < ROUND_TRIP;
}

/** Warp from offsets at frame `to` to offsets at frame `from`: shape(from) · shape(to)⁻¹. */
function setWarp(from: Float64Array, to: Float64Array, i: number): void {
  const a = to[4 * i];
  const b = to[4 * i + 1];
  const c = to[4 * i + 2];
  const d = to[4 * i + 3];
  const det = a * d - b * c;
  if (!(det > 0.05 && det < 20)) {
    warp[0] = 1;
    warp[1] = 0;
    warp[2] = 0;
    warp[3] = 1;
    return;
  }
  const e = from[4 * i];
  const f = from[4 * i + 1];
  const g = from[4 * i + 2];
  const h = from[4 * i + 3];
  warp[0] = (e * d - f * c) / det;
  warp[1] = (f * a - e * b) / det;
  warp[2] = (g * d - h * c) / det;
  warp[3] = (h * a - g * b) / det;
}
