import type { ExportFormat } from "../../formats/export/common/format.ts";
import { EXPORT_FORMATS } from "../../formats/export/registry.ts";
import { maskTarget } from "./pictures/mask.ts";
import { nowPng } from "./pictures/now.ts";
import { overlayVideo } from "./pictures/overlay.ts";
import type { PictureTarget } from "./pictures/picture.ts";
import { viewPng } from "./pictures/view.ts";

export const PICTURES: readonly PictureTarget[] = [nowPng, maskTarget, viewPng, overlayVideo];

export interface TargetGroup {
  readonly title: string;
  readonly targets: readonly (PictureTarget | ExportFormat)[];
}

/** The list of the dialog, in groups: formats under the headings that they name, then pictures. */
export const TARGET_GROUPS: readonly TargetGroup[] = [
  ...[...new Set(EXPORT_FORMATS.map(({ group }) => group))].map((title) => ({
    title,
    targets: EXPORT_FORMATS.filter(({ group }) => group === title),
  })),
  { title: "Pictures", targets: PICTURES },
];

export function formatOf(name: string): ExportFormat | null {
  return EXPORT_FORMATS.find((format) => format.name === name) ?? null;
}

export function pictureOf(name: string): PictureTarget | null {
  return PICTURES.find((picture) => picture.name === name) ?? null;
}
