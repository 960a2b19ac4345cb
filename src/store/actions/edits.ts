import { dragOf } from "../../domain/edits/drag.ts";
import type { EditScene } from "../../domain/edits/kind.ts";
import { pinOf } from "../../domain/edits/pin.ts";
import { type Edit, editKindLabel } from "../../domain/edits.ts";
import { bulk } from "../bulk.ts";
import type { StudioDocument } from "../document.ts";
import { freshId } from "../ids.ts";
import { type StudioState, selectDocument, selectGeometry, studio } from "../studio.ts";

/** Why edits cannot be made now, in words for the user; null where they can. */
export function selectEditingGap(state: StudioState): string | null {
  if (!selectEditScene(state)) return "Press Forecast once: edits are laid over what was tracked.";
  if (state.view.camera !== "sampled") {
    return "Set Camera to Sampled: edits say where points are seen by the moving camera.";
  }
  return null;
}

/** Adds the edit, or puts it in the place of that with its id. Steps of one merge key are one undo. */
export function putEdit(edit: Edit, mergeKey?: string): void {
  studio().edit(({ edits, ...document }) => {
    const known = edits.some(({ id }) => id === edit.id);
    const next = known ? edits.map((old) => (old.id === edit.id ? edit : old)) : [...edits, edit];
    return { ...document, edits: next };
  }, mergeKey);
}

export function removeEdit(id: string): void {
  studio().edit((document) => {
    const edits = document.edits.filter((edit) => edit.id !== id);
    return edits.length === document.edits.length ? document : { ...document, edits };
  });
}

export function editById(document: StudioDocument, id: string): Edit | null {
  return document.edits.find((edit) => edit.id === id) ?? null;
}

/** An id and a name that no edit has. */
export function freshEdit(label: string): { readonly id: string; readonly name: string } {
  const names = new Set(selectDocument(studio()).edits.map(({ name }) => name));
  let number = 1;
  while (names.has(`${label} ${number}`)) number++;
  return { id: freshId("edit"), name: `${label} ${number}` };
}

/** What edits are laid over: the points at "now" of the forecast on screen; null where there is none. */
export function selectEditScene(state: StudioState): EditScene | null {
  const { origin } = selectDocument(state);
  const history = origin && bulk.histories.get(origin.historyId);
  if (!history) return null;
  return { startN2: history.queryXyN2, frameCount: selectGeometry(state).horizonFrames };
}

/** A drag of nothing around a point, over the whole horizon: numbers take it from there. */
export function addDrag(point: number): Edit | null {
  const scene = selectEditScene(studio());
  if (!scene || 2 * point >= scene.startN2.length) return null;
  const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
  const path = [[x, y, 0] as const, [x, y, 1000] as const];
  const edit = dragOf(freshEdit("Drag"), [0, scene.frameCount - 1], path, "even");
  putEdit(edit);
  return edit;
}

/** Pins a point where it is at "now", in the last frame: numbers and drags take it from there. */
export function addPin(point: number): Edit | null {
  const scene = selectEditScene(studio());
  if (!scene || 2 * point >= scene.startN2.length) return null;
  const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
  const draft = pinOf("pin", "", point, scene.frameCount - 1, [x, y]);
  const edit = { ...draft, ...freshEdit(editKindLabel(draft)) };
  putEdit(edit);
  return edit;
}
