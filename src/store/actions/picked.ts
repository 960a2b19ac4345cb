import { areaOf } from "../../domain/edits/pin.ts";
import { takeOf } from "../../domain/edits/take.ts";
import type { Edit } from "../../domain/edits.ts";
import type { Future } from "../../domain/forecast.ts";
import { takenPaths } from "../../engine/edits/taken.ts";
import { movesTogether } from "../../engine/edits/together.ts";
import { type Slot, visibleSlots } from "../document.ts";
import { type Studio, type StudioState, selectDocument, selectGeometry } from "../studio.ts";
import { freshEdit, selectEditingGap, selectEditScene } from "./edits.ts";
import { commitGesture } from "./gestures.ts";

/** The future whose motion picked points stand for: that of the last click, else the first on screen. */
export function selectPickedSlot(state: StudioState): Slot | null {
  const { slots } = selectDocument(state);
  const clicked = slots.find(({ id, futureId }) => id === state.pickedSlot && futureId !== null);
  return clicked ?? visibleSlots(selectDocument(state))[0] ?? null;
}

function pickedFuture(studio: Studio): Future | null {
  const slot = selectPickedSlot(studio.state);
  return (slot?.futureId && studio.bulk.futures.get(slot.futureId)) || null;
}

/**
 * Grows the picked points to all that move as they do, in the past and in the future that was clicked.
 * True where points were added.
 */
export function growPicked(studio: Studio): boolean {
  const { selectedPoints } = studio.state.view;
  const grown = grownFrom(studio, selectedPoints);
  if (grown.length <= selectedPoints.length) {
    studio.state.setRun({ status: "Nothing else moves with the picked points" });
    return false;
  }
  studio.state.setView({ selectedPoints: grown });
  studio.state.setRun({ status: `${grown.length} points move together` });
  return true;
}

function grownFrom(studio: Studio, points: readonly number[]): number[] {
  const { origin } = selectDocument(studio.state);
  const tracked = origin && studio.bulk.histories.get(origin.historyId);
  if (!tracked) return [...points];
  const { width, height } = selectGeometry(studio.state);
  const future = pickedFuture(studio);
  const grown = points
    .filter((point) => point < tracked.history.pointCount)
    .flatMap((point) => movesTogether(point, tracked.history, future, { width, height }));
  return [...new Set([...points, ...grown])].sort((a, b) => a - b);
}

/**
 * Puts what the picked points do in the clicked future into all that are not locked: an edit that holds
 * their motion. From one point, all that moves with it goes along. Null where nothing is picked.
 */
export function takePicked(studio: Studio): Promise<void> | null {
  const { selectedPoints } = studio.state.view;
  const slot = selectPickedSlot(studio.state);
  const future = pickedFuture(studio);
  if (selectEditingGap(studio.state, studio) || selectedPoints.length === 0) return null;
  if (!slot || !future) return null;
  const points = selectedPoints.length === 1 ? grownFrom(studio, selectedPoints) : selectedPoints;
  const { space, pathsNM } = takenPaths(future, points);
  const from = `future ${slot.id}, seed ${slot.seed}`;
  const names = freshEdit(studio, `Future ${slot.id}'s`);
  return adopt(studio, takeOf(names, points, pathsNM, { space, from }));
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
