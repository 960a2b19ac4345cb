import type { ComponentType } from "react";
import type { Edit, EditKindId } from "../../domain/edits.ts";
import { BodyFields } from "./BodyFields.tsx";
import { CameraFields } from "./CameraFields.tsx";
import { DragFields } from "./DragFields.tsx";
import { MagnifyFields } from "./MagnifyFields.tsx";
import { PinFields } from "./PinFields.tsx";
import { TakeFields } from "./TakeFields.tsx";
import { TransferFields } from "./TransferFields.tsx";
import { WishFields } from "./WishFields.tsx";

/** The numbers of an edit: one component and one entry a kind. */
export const EDIT_FIELDS: {
  readonly [K in EditKindId]?: ComponentType<{ readonly edit: Extract<Edit, { kind: K }> }>;
} = {
  pin: PinFields,
  drag: DragFields,
  take: TakeFields,
  camera: CameraFields,
  transfer: TransferFields,
  magnify: MagnifyFields,
  body: BodyFields,
  wish: WishFields,
};

/** The component for the numbers of an edit; null where its kind has none. */
export function fieldsOf(edit: Edit): ComponentType<{ readonly edit: Edit }> | null {
  return (EDIT_FIELDS[edit.kind] as ComponentType<{ readonly edit: Edit }> | undefined) ?? null;
}
