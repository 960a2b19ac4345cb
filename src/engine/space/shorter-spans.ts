import type { Size } from "../../domain/clip.ts";
import type { PinholePath } from "../../domain/pinhole.ts";
import { type SpaceField, STATIC } from "../../domain/space-field.ts";
import type { Attempts } from "./attempts.ts";
import { pinholePath, stillCameras } from "./cameras.ts";
import { isFlat } from "./judged-field.ts";
import { type Observations, pickFrames } from "./observations.ts";
import { outwardFrames, resectFrame } from "./resection.ts";
import { type EstimateOptions, estimateSpan, type SpanEstimate } from "./span.ts";

/** The estimate of all frames; where it slipped, that of shorter spans of them. */
export function inShorterSpans(
  observations: Observations,
  whole: SpanEstimate,
  size: Size,
  options: EstimateOptions,
  attempts: Attempts,
): SpaceField {
  const tick = attempts.tick;
  if (whole.field.cameras || whole.typicalPx < SLIPPED_PX) return whole.field;
  for (const frames of SHORTER_SPANS) {
    attempts.next();
    const { field, span } = estimateAround(observations, frames, size, options, tick) ?? {};
    if (!field?.cameras || !span) continue;
    if (isFlat(field, LEAST_SPREAD)) break;
    return { ...field, ...overAllFrames(observations, span, field, field.cameras, tick) };
  }
  return whole.field;
}

/** A still scene that leaves so much of the median track, px, is not held by what it is told from. */
const SLIPPED_PX = 0.8;
/** Frames up to and from the anchor. */
const SHORTER_SPANS = [25, 15];

/** Points all as deep as each other: over so few frames a camera that turns looks like one that passes a wall. */
const LEAST_SPREAD = 0.2;

function estimateAround(
  observations: Observations,
  frames: number,
  size: Size,
  options: EstimateOptions,
  tick: () => void,
) {
  const { tracks, anchorFrame } = observations;
  const all = Array.from({ length: tracks.frameCount }, (_, t) => t);
  const span = all.filter((t) => Math.abs(t - anchorFrame) < frames);
  if (span.length === all.length) return null;
  return { span, field: estimateSpan(pickFrames(observations, span), size, options, tick).field };
}

/** Cameras of frames beyond a span: each by resection, starting from its neighbour's towards it. */
function overAllFrames(
  observations: Observations,
  span: readonly number[],
  { inverseDepthN, stateN }: SpaceField,
  known: PinholePath,
  onStep: () => void,
): Pick<SpaceField, "cameras" | "anchorFrame"> {
  const { tracks, anchorFrame } = observations;
  const [first, last] = [span[0], span[span.length - 1]];
  const cameras = stillCameras(tracks.frameCount, known.focalPxT[0], known.centre);
  for (let t = 0; t < tracks.frameCount; t++) {
    const from = Math.min(Math.max(t, first), last) - first;
    cameras.focalPxT[t] = known.focalPxT[from];
    cameras.rotationT9.set(known.rotationT9.subarray(9 * from, 9 * from + 9), 9 * t);
    cameras.translationT3.set(known.translationT3.subarray(3 * from, 3 * from + 3), 3 * t);
  }
  const usedN = stateN.map((state) => (state === STATIC ? 1 : 0));
  for (const t of outwardFrames(tracks.frameCount, anchorFrame)) {
    if (t >= first && t <= last) continue;
    onStep();
    const near = t < first ? t + 1 : t - 1;
    cameras.rotationT9.copyWithin(9 * t, 9 * near, 9 * near + 9);
    cameras.translationT3.copyWithin(3 * t, 3 * near, 3 * near + 3);
    const options = { free: "pose", scalesPx: [6, 3, 2, 1.5], usedN } as const;
    resectFrame(observations, cameras, inverseDepthN, t, options);
  }
  return { cameras: pinholePath(cameras), anchorFrame };
}
