import type { Edit } from "../../domain/edits.ts";
import { type Studio, type StudioState, selectDocument } from "../studio.ts";
import { runStep } from "./arrivals.ts";
import { editById, putEdit, removeEdit } from "./edits.ts";
import { followEdits } from "./forecast.ts";

/** Takes a gesture on the stage in: the edit and the futures that follow it are one undo step. */
export function commitGesture(studio: Studio, edit: Edit): Promise<void> {
  const step = runStep(studio);
  putEdit(studio, underCamera(studio.state, edit), step);
  return followEdits(studio, step);
}

const DRAWN: ReadonlySet<Edit["kind"]> = new Set(["drag", "pin", "body"]);

/**
 * A new edit as it is meant: where the user set a camera, what is drawn on the picture of "now" lies in
 * the scene, and the camera sees it move. One that is there already keeps its space.
 */
export function underCamera(state: StudioState, edit: Edit): Edit {
  const document = selectDocument(state);
  const isNew = editById(document, edit.id) === null;
  const hasCamera = document.edits.some(({ kind, on }) => on && kind === "camera");
  return isNew && hasCamera && DRAWN.has(edit.kind) ? { ...edit, space: "scene" } : edit;
}

/** Removes an edit by a gesture on the stage; the futures that no longer follow it are the same step. */
export function removeByGesture(studio: Studio, id: string): Promise<void> {
  const step = runStep(studio);
  removeEdit(studio, id, step);
  return followEdits(studio, step);
}
