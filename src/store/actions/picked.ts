import { magnifyOf } from "../../domain/edits/magnify.ts";
import { areaOf } from "../../domain/edits/pin.ts";
import { takeOf } from "../../domain/edits/take.ts";
import type { Edit } from "../../domain/edits.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import {
  type MotionSource,
  motionOf,
  motionOfFuture,
  motionOfPast,
} from "../../engine/edits/motion-of.ts";
import { takenPaths } from "../../engine/edits/taken.ts";
import { movesTogether } from "../../engine/edits/together.ts";
import { visibleSlots } from "../document.ts";
import type { MotionId } from "../slices/toolSlice.ts";
import { type Studio, type StudioState, selectDocument, selectGeometry } from "../studio.ts";
import { freshEdit, selectEditingGap, selectEditScene } from "./edits.ts";
import { commitGesture } from "./gestures.ts";

/** Whose motion picked points stand for: that of the last click, else the first future on screen. */
export function selectPickedMotion(state: StudioState): MotionId | null {
  const { pickedMotion } = state;
  const document = selectDocument(state);
  const isSlot = document.slots.some(
    ({ id, futureId }) => id === pickedMotion && futureId !== null,
  );
  if (isSlot || pickedMotion === "truth" || pickedMotion === "past") return pickedMotion;
  return visibleSlots(document)[0]?.id ?? null;
}

/** The picked point nearest to the middle of all of them; null where none is picked. */
export function selectMiddlePicked(state: StudioState, studio: Studio): number | null {
  const { selectedPoints } = state.view;
  const startN2 = selectEditScene(state, studio)?.startN2;
  if (!startN2 || selectedPoints.length === 0) return selectedPoints[0] ?? null;
  const middle = ([0, 1] as const).map((axis) => {
    return (
      selectedPoints.reduce((sum, n) => sum + startN2[2 * n + axis], 0) / selectedPoints.length
    );
  });
  const far = (n: number) => {
    return Math.hypot(startN2[2 * n] - middle[0], startN2[2 * n + 1] - middle[1]);
  };
  return selectedPoints.reduce((nearest, n) => (far(n) < far(nearest) ? n : nearest));
}

const NONE_PICKED = "Pick a point first: click on a track with the Select tool (V)";

export interface PickedMotion {
  /** In words. */
  readonly label: string;
  readonly history: Tracks;
  readonly startN2: Float32Array;
  /** What comes after "now"; of the past played backwards, that. */
  readonly future: Pick<Future, "tracks" | "cameraPathT6" | "latent">;
  readonly source: Pick<MotionSource, "tracks" | "cameraPathT6">;
  readonly fps: number;
}

/** Null where it is not there: the truth not tracked yet, a future not sampled. */
export function pickedMotion(studio: Studio): PickedMotion | null {
  const { origin, slots } = selectDocument(studio.state);
  const id = selectPickedMotion(studio.state);
  const tracked = origin && studio.bulk.histories.get(origin.historyId);
  if (!tracked || id === null) return null;
  const { history, queryXyN2: startN2 } = tracked;
  const common = { history, startN2, fps: origin.fps };
  if (id === "past") {
    const source = motionOfPast(history);
    return { ...common, label: "the past, backwards", source, future: { tracks: source.tracks } };
  }
  const slot = slots.find((candidate) => candidate.id === id);
  const future =
    id === "truth"
      ? asFuture(studio.bulk.truths.get(origin.historyId))
      : slot?.futureId
        ? studio.bulk.futures.get(slot.futureId)
        : undefined;
  if (!future) return null;
  const label = id === "truth" ? "what really happened" : `future ${id}, seed ${slot?.seed ?? 0}`;
  return { ...common, label, future, source: motionOfFuture(future, startN2) };
}

function asFuture(tracks: Tracks | undefined): Pick<Future, "tracks"> | undefined {
  return tracks && { tracks };
}

/**
 * Grows the picked points to all that move as they do, in the past and in the motion that was clicked.
 * True where points were added.
 */
export function growPicked(studio: Studio): boolean {
  const { selectedPoints } = studio.state.view;
  const grown = grownFrom(studio, selectedPoints);
  if (selectedPoints.length === 0) {
    studio.state.setRun({ status: NONE_PICKED });
    return false;
  }
  if (grown.length <= selectedPoints.length) {
    studio.state.setRun({ status: "Nothing else moves with the picked points" });
    return false;
  }
  studio.state.setView({ selectedPoints: grown });
  studio.state.setRun({ status: `${grown.length} points move together` });
  return true;
}

function grownFrom(studio: Studio, points: readonly number[]): number[] {
  const motion = pickedMotion(studio);
  if (!motion) return [...points];
  const { history, future } = motion;
  const { width, height } = selectGeometry(studio.state);
  const present = points.filter((point) => point < history.pointCount);
  const grown = movesTogether(present, history, future, { width, height });
  return [...new Set([...points, ...grown])].sort((a, b) => a - b);
}

/** The picked points; of one, all that moves with it. None where edits cannot be made. */
function meantPoints(studio: Studio): readonly number[] {
  const { selectedPoints } = studio.state.view;
  if (selectEditingGap(studio.state, studio)) return [];
  if (selectedPoints.length === 0) studio.state.setRun({ status: NONE_PICKED });
  return selectedPoints.length === 1 ? grownFrom(studio, selectedPoints) : selectedPoints;
}

/**
 * Puts what the picked points do in the clicked future into all that are not locked: an edit that holds
 * their motion. From one point, all that moves with it goes along. Null where nothing is picked.
 */
export function takePicked(studio: Studio): Promise<void> | null {
  const points = meantPoints(studio);
  const motion = pickedMotion(studio);
  if (points.length === 0 || !motion) return null;
  const { space, pathsNM } = takenPaths(motion.future, points);
  const from = motion.label;
  const names = freshEdit(studio, `Motion of ${from.split(",")[0]}`);
  return adopt(studio, takeOf(names, points, pathsNM, { space, from }));
}

/** Makes the motion of the picked points larger; null where nothing is picked. */
export function magnifyPicked(studio: Studio): Promise<void> | null {
  const points = meantPoints(studio);
  const motion = pickedMotion(studio);
  if (points.length === 0 || !motion) return null;
  const { width, height } = selectGeometry(studio.state);
  const { source, fps, label: from } = motion;
  const kept = motionOf({ ...source, fps, from }, { width, height }, points);
  return adopt(studio, magnifyOf(freshEdit(studio, "Magnify"), points, kept));
}

/** Holds the picked points where they are at "now". Null where nothing is picked. */
export function holdPicked(studio: Studio): Promise<void> | null {
  const scene = selectEditScene(studio.state, studio);
  const { selectedPoints } = studio.state.view;
  if (selectEditingGap(studio.state, studio) || !scene || selectedPoints.length === 0) return null;
  return adopt(studio, areaOf(freshEdit(studio, "Area"), selectedPoints, scene.frameCount));
}

function adopt(studio: Studio, edit: Edit): Promise<void> {
  studio.state.selectEdit(edit.id);
  return commitGesture(studio, edit);
}
