import { type Box, pointsIn } from "../../domain/edits/placing.ts";
import { wishOf } from "../../domain/edits/wish.ts";
import { type Edit, editsKey } from "../../domain/edits.ts";
import { weighedWords } from "../../engine/edits/wishes.ts";
import { type Studio, type StudioState, selectDocument } from "../studio.ts";
import { editById, freshEdit, putEdit, selectEditingGap, selectEditScene } from "./edits.ts";
import { commitGesture } from "./gestures.ts";

/**
 * Wishes that the picked points are in a box, or, where none is picked, that what lies in it now stays. A
 * wish that is pointed out gets the box instead. Null where there is nothing to wish of.
 */
export function wishInBox(studio: Studio, box: Box): Promise<void> | null {
  const scene = selectEditScene(studio.state, studio);
  if (selectEditingGap(studio.state, studio) || !scene) return null;
  const { selectedEdit, view } = studio.state;
  const chosen = selectedEdit ? editById(selectDocument(studio.state), selectedEdit) : null;
  if (chosen?.kind === "wish") {
    const [x0, y0, x1, y1] = box;
    return commitGesture(studio, { ...chosen, box: [x0, y0, x1, y1] });
  }
  const picked = view.selectedPoints.filter((n) => 2 * n < scene.startN2.length);
  const inside = pointsIn(box, scene.startN2);
  const points = picked.length > 0 ? picked : inside;
  if (points.length === 0) {
    studio.state.setRun({
      status: "No point lies in that box: pick some first, or draw a larger one",
    });
    return null;
  }
  const isIn = points.every((n) => inside.includes(n));
  const wants = isIn ? "inside" : "arrives";
  const edit = wishOf(freshEdit(studio, "Wish"), wants, points, box, scene.frameCount);
  studio.state.selectEdit(edit.id);
  return commitGesture(studio, edit);
}

/** Half of a box around a point, videoPx. */
const USUAL_HALF = 96;

/** Wishes that the picked points, or that one, stay near where they are: numbers take it from there. */
export function addWish(studio: Studio, point: number): Edit | null {
  const scene = selectEditScene(studio.state, studio);
  if (!scene || 2 * point >= scene.startN2.length) return null;
  const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
  const { selectedPoints } = studio.state.view;
  const points = selectedPoints.length > 0 ? selectedPoints : [point];
  const box: Box = [x - USUAL_HALF, y - USUAL_HALF, x + USUAL_HALF, y + USUAL_HALF];
  const edit = wishOf(freshEdit(studio, "Wish"), "inside", points, box, scene.frameCount);
  putEdit(studio, edit);
  return edit;
}

/** What was drawn for these wishes and how much of it counts, in words; null where nothing was. */
export function selectWeighedWords(state: StudioState): string | null {
  const { weighed } = state;
  if (!weighed || weighed.editsKey !== editsKey(selectDocument(state).edits)) return null;
  return weighedWords(weighed);
}
