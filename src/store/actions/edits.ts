import { BODY_LABELS, bodyOf, USUAL_RADIUS } from "../../domain/edits/body.ts";
import { dragOf, type Patch, steppedPatch } from "../../domain/edits/drag.ts";
import type { EditScene } from "../../domain/edits/kind.ts";
import { areaOf, pinOf, rimPoints } from "../../domain/edits/pin.ts";
import { type Edit, editKindLabel, withEdit } from "../../domain/edits.ts";
import type { StudioDocument } from "../document.ts";
import { type Studio, type StudioState, selectDocument, selectGeometry } from "../studio.ts";

/** Why edits cannot be made now, in words for the user; null where they can. */
export function selectEditingGap(state: StudioState, studio: Studio): string | null {
  if (!selectEditScene(state, studio))
    return "Press Forecast once: edits are laid over what was tracked.";
  if (state.view.camera !== "sampled") {
    return "Set Camera to Sampled: edits say where points are seen by the moving camera.";
  }
  return null;
}

/** Adds the edit, or puts it in the place of that with its id. Steps of one merge key are one undo. */
export function putEdit(studio: Studio, edit: Edit, mergeKey?: string): void {
  studio.state.edit(
    (document) => ({ ...document, edits: withEdit(document.edits, edit) }),
    mergeKey,
  );
}

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

const DRAWN: ReadonlySet<Edit["kind"]> = new Set(["drag", "pin", "body"]);

/** Adds a new edit without a gesture, lying where one that is drawn would. */
function addEdit(studio: Studio, edit: Edit): Edit {
  const added = underCamera(studio.state, edit);
  putEdit(studio, added);
  return added;
}

export function removeEdit(studio: Studio, id: string, mergeKey?: string): void {
  studio.state.edit((document) => {
    const edits = document.edits.filter((edit) => edit.id !== id);
    return edits.length === document.edits.length ? document : { ...document, edits };
  }, mergeKey);
}

export function editById(document: StudioDocument, id: string): Edit | null {
  return document.edits.find((edit) => edit.id === id) ?? null;
}

/** An id and a name that no edit has. */
export function freshEdit(
  studio: Studio,
  label: string,
): { readonly id: string; readonly name: string } {
  const names = new Set(selectDocument(studio.state).edits.map(({ name }) => name));
  let number = 1;
  while (names.has(`${label} ${number}`)) number++;
  return { id: studio.freshId("edit"), name: `${label} ${number}` };
}

/** What edits are laid over: the points at "now" of the forecast on screen; null where there is none. */
export function selectEditScene(state: StudioState, studio: Studio): EditScene | null {
  const { origin } = selectDocument(state);
  const history = origin && studio.bulk.histories.get(origin.historyId);
  if (!history) return null;
  const { width, height, horizonFrames: frameCount } = selectGeometry(state);
  return { startN2: history.queryXyN2, frameCount, frame: { width, height } };
}

/**
 * One step of the radius or the hardness of the drag that is pointed out, of that which is being drawn,
 * or of the next one.
 */
export function stepPatch(studio: Studio, of: keyof Patch, step: 1 | -1): void {
  const { state } = studio;
  const { selectedEdit, preview } = state;
  const isDrawn = preview !== null && editById(selectDocument(state), preview.id) === null;
  const chosen = selectedEdit && !isDrawn ? editById(selectDocument(state), selectedEdit) : null;
  const drag = chosen?.kind === "drag" ? chosen : null;
  const { radius, hardness } = steppedPatch(drag ?? state.patch, of, step);
  if (drag) putEdit(studio, { ...drag, radius, hardness }, `edit:${drag.id}:patch`);
  else state.setPatch({ radius, hardness });
  const name = drag ? drag.name : "The next drag";
  state.setRun({ status: `${name}: radius ${Math.round(radius)} px, hardness ${hardness}` });
}

/** A drag of nothing around a point, over the whole horizon: numbers take it from there. */
export function addDrag(studio: Studio, point: number): Edit | null {
  const scene = selectEditScene(studio.state, studio);
  if (!scene || 2 * point >= scene.startN2.length) return null;
  const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
  const path = [[x, y, 0] as const, [x, y, 1000] as const];
  const names = freshEdit(studio, "Drag");
  return addEdit(studio, dragOf(names, [0, scene.frameCount - 1], path, "even"));
}

/** A body of the chosen shape around a point, which nothing turns yet: numbers take it from there. */
export function addBody(studio: Studio, point: number): Edit | null {
  const scene = selectEditScene(studio.state, studio);
  if (!scene || 2 * point >= scene.startN2.length) return null;
  const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
  const { bodyShape } = studio.state;
  const names = freshEdit(studio, BODY_LABELS[bodyShape]);
  const radii = [USUAL_RADIUS, USUAL_RADIUS] as const;
  return addEdit(studio, bodyOf(names, bodyShape, [x, y], radii, scene.frameCount));
}

/** Holds the points on the rim of the picture where they are. */
export function holdBorder(studio: Studio): Edit | null {
  const scene = selectEditScene(studio.state, studio);
  const { rows, columns } = selectGeometry(studio.state);
  if (!scene || 2 * rows * columns !== scene.startN2.length) return null;
  const names = freshEdit(studio, "Border");
  return addEdit(studio, areaOf(names, rimPoints(rows, columns), scene.frameCount));
}

/** Pins a point where it is at "now", in the last frame: numbers and drags take it from there. */
export function addPin(studio: Studio, point: number): Edit | null {
  const scene = selectEditScene(studio.state, studio);
  if (!scene || 2 * point >= scene.startN2.length) return null;
  const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
  const draft = pinOf("pin", "", point, scene.frameCount - 1, [x, y]);
  return addEdit(studio, { ...draft, ...freshEdit(studio, editKindLabel(draft)) });
}
