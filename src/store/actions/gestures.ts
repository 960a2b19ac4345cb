import type { Edit } from "../../domain/edits.ts";
import type { Studio } from "../studio.ts";
import { runStep } from "./arrivals.ts";
import { putEdit, removeEdit, underCamera } from "./edits.ts";
import { followEdits } from "./forecast.ts";

/** Takes a gesture on the stage in: the edit and the futures that follow it are one undo step. */
export function commitGesture(studio: Studio, edit: Edit): Promise<void> {
  const step = runStep(studio);
  putEdit(studio, underCamera(studio.state, edit), step);
  return followEdits(studio, step);
}

/** Removes an edit by a gesture on the stage; the futures that no longer follow it are the same step. */
export function removeByGesture(studio: Studio, id: string): Promise<void> {
  const step = runStep(studio);
  removeEdit(studio, id, step);
  return followEdits(studio, step);
}
