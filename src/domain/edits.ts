import { z } from "zod";
import { dragKind, dragSchema } from "./edits/drag.ts";
import type { AuthoredPath, EditKind, EditScene, Handle } from "./edits/kind.ts";
import { pinKind, pinSchema } from "./edits/pin.ts";

/**
 * What a user authored of a future: an ordered list. Later edits win per point and frame unless they
 * say that they add. A kind is one file in `edits/` and its two entries here.
 */
export const editSchema = z.discriminatedUnion("kind", [pinSchema, dragSchema]);

export type Edit = z.infer<typeof editSchema>;
export type EditKindId = Edit["kind"];

export const EDIT_KINDS: {
  readonly [K in EditKindId]: EditKind<Extract<Edit, { readonly kind: K }>>;
} = { pin: pinKind, drag: dragKind };

export const editsSchema = z.array(editSchema).max(1000);

function kindOf(edit: Edit): EditKind<Edit> {
  return EDIT_KINDS[edit.kind] as EditKind<Edit>;
}

/** Where an edit wants its points; of an edit that is off, too. */
export function editPaths(edit: Edit, scene: EditScene): readonly AuthoredPath[] {
  return kindOf(edit).paths(edit, scene);
}

export function editHandles(edit: Edit, scene: EditScene): readonly Handle[] {
  return kindOf(edit).handles(edit, scene);
}

export function editKindLabel(edit: Edit): string {
  return kindOf(edit).label;
}
