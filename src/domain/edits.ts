import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { bodyKind, bodySchema } from "./edits/body.ts";
import { cameraKind, cameraSchema } from "./edits/camera.ts";
import { dragKind, dragSchema } from "./edits/drag.ts";
import type { AuthoredPath, EditKind, EditScene, Handle } from "./edits/kind.ts";
import { magnifyKind, magnifySchema } from "./edits/magnify.ts";
import { pinKind, pinSchema } from "./edits/pin.ts";
import { takeKind, takeSchema } from "./edits/take.ts";
import { transferKind, transferSchema } from "./edits/transfer.ts";
import { wishKind, wishSchema } from "./edits/wish.ts";

/**
 * What a user authored of a future: an ordered list. Later edits win per point and frame unless they
 * say that they add. A kind is one file in `edits/` and its two entries here.
 */
export const editSchema = z.discriminatedUnion("kind", [
  pinSchema,
  dragSchema,
  takeSchema,
  cameraSchema,
  bodySchema,
  transferSchema,
  magnifySchema,
  wishSchema,
]);

export type Edit = z.infer<typeof editSchema>;
export type EditKindId = Edit["kind"];

export const EDIT_KINDS: {
  readonly [K in EditKindId]: EditKind<Extract<Edit, { readonly kind: K }>>;
} = {
  pin: pinKind,
  drag: dragKind,
  take: takeKind,
  camera: cameraKind,
  body: bodyKind,
  transfer: transferKind,
  magnify: magnifyKind,
  wish: wishKind,
};

/** So many a document holds. */
export const MAX_EDITS = 1000;
export const editsSchema = z.array(editSchema).max(MAX_EDITS);

/** The list with `edit` in the place of that with its id, or at the end. */
export function withEdit(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  const known = edits.some(({ id }) => id === edit.id);
  return known ? edits.map((old) => (old.id === edit.id ? edit : old)) : [...edits, edit];
}

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

/** The edit in other frames of the horizon, as its kind takes them. */
export function withFrames(edit: Edit, [first, last]: readonly [number, number]): Edit {
  return kindOf(edit).withFrames?.(edit, [first, last]) ?? { ...edit, frames: [first, last] };
}

export function editKindLabel({ kind }: Pick<Edit, "kind">): string {
  return EDIT_KINDS[kind].label;
}

/**
 * Says whether two lists ask the same of a forecast: equal for lists that differ in names only, or in
 * edits that are off. "" where nothing is asked. As short as a key may be: 16 hex digits of SHA-256.
 */
export function editsKey(edits: readonly Edit[]): string {
  const known = keys.get(edits);
  if (known !== undefined) return known;
  const key = keyOf(edits);
  keys.set(edits, key);
  return key;
}

/** Lists are never changed in place, so a key that was found stays. */
const keys = new WeakMap<readonly Edit[], string>();

function keyOf(edits: readonly Edit[]): string {
  const asked = edits.filter((edit) => edit.on);
  if (asked.length === 0) return "";
  return bytesToHex(sha256(utf8ToBytes(`[${asked.map(textOf)}]`))).slice(0, 16);
}

/** Of edits, by themselves: long paths are written once, not at every change of another edit. */
const texts = new WeakMap<Edit, string>();

function textOf(edit: Edit): string {
  const known = texts.get(edit);
  if (known !== undefined) return known;
  const { id: _, name: __, ...asked } = edit;
  const text = JSON.stringify(asked);
  texts.set(edit, text);
  return text;
}
