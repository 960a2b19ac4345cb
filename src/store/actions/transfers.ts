import type { Frame } from "../../domain/clip.ts";
import type { Motion } from "../../domain/edits/motion.ts";
import type { Box, Pair } from "../../domain/edits/placing.ts";
import { MAX_PAIRS, type TransferEdit, transferOf } from "../../domain/edits/transfer.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { motionOf, motionOfFuture } from "../../engine/edits/motion-of.ts";
import { readDocument } from "../../formats/document/document.ts";
import { reachable } from "../history.ts";
import { type Studio, selectDocument, selectGeometry } from "../studio.ts";
import { freshEdit, selectEditingGap, selectEditScene } from "./edits.ts";
import { commitGesture } from "./gestures.ts";

/** A clip of this visit whose motion was tracked and is still at hand. */
export interface TrackedClip {
  readonly historyId: string;
  readonly name: string;
  readonly fps: number;
  readonly clipId: string | null;
  /** Working frame of its "now". */
  readonly nowIndex: number;
}

/** Every other past that undo can reach and in which something moves, the newest first. */
export function trackedClips(studio: Studio): readonly TrackedClip[] {
  const { history } = studio.state;
  const here = history.present.origin?.historyId;
  const found = new Map<string, TrackedClip>();
  for (const { origin, clipId } of [...reachable(history)].reverse()) {
    const tracked = origin && studio.bulk.histories.get(origin.historyId);
    if (!tracked || origin.historyId === here) continue;
    const isPhoto = tracked.history.frameCount < 2 && !studio.bulk.truths.has(origin.historyId);
    if (isPhoto) continue;
    const { historyId, clip, fps, nowIndex } = origin;
    found.set(historyId, { historyId, name: clip.name, fps, clipId, nowIndex });
  }
  return [...found.values()];
}

/** What was seen of a clip: what followed its "now", where that was tracked, else its past. */
export function motionOfClip(studio: Studio, { historyId, name, fps }: TrackedClip): Motion | null {
  const tracked = studio.bulk.histories.get(historyId);
  if (!tracked) return null;
  const truth = studio.bulk.truths.get(historyId);
  return observed(studio, { ...tracked, ...(truth ? { truth } : {}) }, fps, name);
}

/** The picture that the motion of a clip begins in; null where the clip is gone. @throws MediaError */
export async function pictureOfClip(
  { bulk }: Studio,
  { historyId, clipId, nowIndex }: TrackedClip,
): Promise<Frame | null> {
  const clip = clipId === null ? undefined : bulk.clips.get(clipId);
  const past = bulk.truths.has(historyId)
    ? 0
    : (bulk.histories.get(historyId)?.history.frameCount ?? 1) - 1;
  const first = Math.max(0, nowIndex - past);
  let picture: Frame | null = null;
  const onFrame = (frame: Frame) => {
    picture = frame;
  };
  await clip?.read(first, first + 1, WORKING_SIZE, { onFrame });
  return picture;
}

/** The motion of a saved forecast. @throws FormatError */
export function motionOfForecast(studio: Studio, bytes: Uint8Array): Motion {
  const { forecast, clip } = readDocument(bytes).document;
  return observed(studio, forecast, forecast.fps, clip.name);
}

/** The motion of tracks of another tool, videoPx of the working frame. */
export function motionOfTracks(studio: Studio, tracks: Tracks, fps: number, from: string): Motion {
  const { width, height } = selectGeometry(studio.state);
  return motionOf({ tracks, fps, from }, { width, height });
}

function observed(
  studio: Studio,
  seen: { readonly history: Tracks; readonly queryXyN2: Float32Array; readonly truth?: Tracks },
  fps: number,
  name: string,
): Motion {
  const { width, height } = selectGeometry(studio.state);
  const { history, queryXyN2, truth } = seen;
  const source = truth ? motionOfFuture({ tracks: truth }, queryXyN2) : { tracks: history };
  return motionOf({ ...source, fps, from: name }, { width, height });
}

interface Where {
  readonly pairs?: readonly Pair[];
  readonly box?: Box | null;
  readonly points?: readonly number[];
}

/**
 * Takes a place that was clicked here as the partner of the one in the source that waits for it; false
 * where none does.
 */
export function matchPlace(studio: Studio, [x, y]: readonly [number, number]): boolean {
  const { transferPlace: from, transferPairs: pairs, setTransfer } = studio.state;
  if (!from) return false;
  if (pairs.length < MAX_PAIRS) setTransfer({ transferPairs: [...pairs, [...from, x, y]] });
  setTransfer({ transferPlace: null });
  return true;
}

/**
 * Lays a motion over the picture: by matched points, into a box, onto the picked points, or over all of
 * it. Null where edits cannot be made.
 */
export function layMotion(studio: Studio, motion: Motion, where: Where = {}): Promise<void> | null {
  const scene = selectEditScene(studio.state, studio);
  const { origin } = selectDocument(studio.state);
  if (selectEditingGap(studio.state, studio) || !scene || !origin) return null;
  const time = { frameCount: scene.frameCount, fps: origin.fps };
  const edit = transferOf(freshEdit(studio, "Transfer"), motion, time, placeOf(where));
  studio.state.selectEdit(edit.id);
  return commitGesture(studio, edit);
}

function placeOf({ pairs = [], box, points = [] }: Where): Partial<TransferEdit> {
  if (pairs.length > 0) {
    const matched = pairs.map(([a, b, x, y]): [number, number, number, number] => [a, b, x, y]);
    return {
      place: "pairs",
      pairs: matched,
      ...(points.length > 0 ? { points: [...points] } : {}),
    };
  }
  if (box) return { place: "box", toBox: [box[0], box[1], box[2], box[3]] };
  return points.length > 0 ? { place: "mask", points: [...points] } : {};
}
