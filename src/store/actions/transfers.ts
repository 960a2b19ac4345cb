import type { Motion } from "../../domain/edits/motion.ts";
import type { Box } from "../../domain/edits/placing.ts";
import { type TransferEdit, transferOf } from "../../domain/edits/transfer.ts";
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
}

/** Every other past that undo can reach. */
export function trackedClips(studio: Studio): readonly TrackedClip[] {
  const { history } = studio.state;
  const here = history.present.origin?.historyId;
  const found = new Map<string, TrackedClip>();
  for (const { origin } of reachable(history)) {
    if (!origin || origin.historyId === here || !studio.bulk.histories.has(origin.historyId))
      continue;
    const { historyId, clip, fps } = origin;
    found.set(historyId, { historyId, name: clip.name, fps });
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
  readonly box?: Box | null;
  readonly points?: readonly number[];
}

/**
 * Lays a motion over the picture: into a box, onto the picked points, or over all of it. Null where
 * edits cannot be made.
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

function placeOf({ box, points = [] }: Where): Partial<TransferEdit> {
  if (box) return { place: "box", toBox: [box[0], box[1], box[2], box[3]] };
  return points.length > 0 ? { place: "mask", points: [...points] } : {};
}
