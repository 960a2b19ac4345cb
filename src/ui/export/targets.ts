import type { ExportFormatInfo } from "../../formats/export/common/types.ts";
import { EXPORT_FORMATS } from "../../formats/export/registry.ts";

export type PictureName = "view-png" | "now-png" | "overlay-video";

export interface PictureInfo {
  readonly name: PictureName;
  readonly label: string;
  readonly description: string;
}

export const PICTURES: readonly PictureInfo[] = [
  {
    name: "now-png",
    label: "“Now” frame",
    description: "The picture a generator starts from, cropped and sized like the tracks. PNG.",
  },
  { name: "view-png", label: "This view", description: "The stage as it looks now. PNG." },
  {
    name: "overlay-video",
    label: "Overlay video",
    description:
      "The clip with past and futures drawn over it. MP4, or WebM where MP4 cannot be made.",
  },
];

export type TargetName = PictureName | ExportFormatInfo["name"];

export interface TargetGroup {
  readonly title: string;
  readonly targets: readonly (PictureInfo | ExportFormatInfo)[];
}

/** The list of the dialog, in groups. */
export const TARGET_GROUPS: readonly TargetGroup[] = [
  { title: "For video generators", targets: EXPORT_FORMATS.filter((f) => f.generator) },
  { title: "Data", targets: EXPORT_FORMATS.filter((f) => !f.generator) },
  { title: "Pictures", targets: PICTURES },
];

export function formatOf(name: TargetName): ExportFormatInfo | null {
  return EXPORT_FORMATS.find((format) => format.name === name) ?? null;
}

export function pictureOf(name: TargetName): PictureInfo | null {
  return PICTURES.find((picture) => picture.name === name) ?? null;
}
