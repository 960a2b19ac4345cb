import type { Edit } from "../../domain/edits.ts";
import { MAX_EDITS } from "../../domain/edits.ts";
import { type Studio, selectDocument } from "../studio.ts";
import { editById, putEdit } from "./edits.ts";

const MAX_NAME = 200;

/** Moves an edit so many places down the list, or up: later edits win over earlier ones. */
export function reorderEdit(studio: Studio, id: string, by: number): void {
  studio.state.edit((document) => {
    const from = document.edits.findIndex((edit) => edit.id === id);
    const to = Math.min(Math.max(0, from + by), document.edits.length - 1);
    if (from < 0 || to === from) return document;
    const edits = [...document.edits];
    edits.splice(to, 0, ...edits.splice(from, 1));
    return { ...document, edits };
  }, `edit:${id}:order`);
}

/** A name without any letter changes nothing. */
export function renameEdit(studio: Studio, id: string, name: string): void {
  const edit = editById(selectDocument(studio.state), id);
  const next = name.trim().slice(0, MAX_NAME);
  if (edit && next !== "" && next !== edit.name) putEdit(studio, { ...edit, name: next });
}

/** Off: it stays in the list and asks nothing. */
export function toggleEdit(studio: Studio, id: string): void {
  const edit = editById(selectDocument(studio.state), id);
  if (!edit) return;
  putEdit(studio, { ...edit, on: !edit.on });
  studio.state.setRun({ status: `${edit.name} is ${edit.on ? "off" : "on"}` });
}

/** A copy right after the edit, pointed out; null where the list is full. */
export function duplicateEdit(studio: Studio, id: string): Edit | null {
  const { edits } = selectDocument(studio.state);
  const edit = edits.find((candidate) => candidate.id === id);
  if (!edit || edits.length >= MAX_EDITS) return null;
  const copy = { ...edit, id: studio.freshId("edit"), name: copyName(edit.name, edits) };
  studio.state.edit((document) => ({
    ...document,
    edits: document.edits.flatMap((other) => (other.id === id ? [other, copy] : [other])),
  }));
  studio.state.selectEdit(copy.id);
  return copy;
}

/** "Drag 1 copy", "Drag 1 copy 2", … */
function copyName(name: string, edits: readonly Edit[]): string {
  const taken = new Set(edits.map((edit) => edit.name));
  const stem = `${name.slice(0, MAX_NAME - 10).replace(/ copy( \d+)?$/, "")} copy`;
  let number = 2;
  if (!taken.has(stem)) return stem;
  while (taken.has(`${stem} ${number}`)) number++;
  return `${stem} ${number}`;
}
