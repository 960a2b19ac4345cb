import type { Size } from "../../../domain/clip.ts";

/** One thing that the user may choose of a format: a field of the dialog and a flag of the command. */
export type ExportOption =
  | { readonly kind: "segment" }
  | { readonly kind: "size"; readonly presets: readonly SizePreset[] }
  | { readonly kind: "fps" }
  | { readonly kind: "frames"; readonly proposed?: readonly number[] }
  | { readonly kind: "spacing" }
  | { readonly kind: "tracks"; readonly proposed?: readonly number[] }
  | ChoiceOption;

export interface SizePreset {
  readonly size: Size;
  readonly note: string;
}

/** One of a few values that only this format knows. The first is the default. */
export interface ChoiceOption {
  readonly kind: "choice";
  /** Also the command's flag. */
  readonly id: string;
  readonly label: string;
  readonly values: readonly { readonly value: string; readonly label: string }[];
}

/** What Wan's models are usually run at. */
export const WAN_SIZES: readonly SizePreset[] = [
  { size: { width: 832, height: 480 }, note: "Wan 480p" },
  { size: { width: 480, height: 832 }, note: "Wan 480p, upright" },
  { size: { width: 1280, height: 720 }, note: "Wan 720p" },
  { size: { width: 720, height: 1280 }, note: "Wan 720p, upright" },
  { size: { width: 640, height: 640 }, note: "square" },
];

export const SEGMENT: ExportOption = { kind: "segment" };
export const SIZE: ExportOption = { kind: "size", presets: WAN_SIZES };
export const FPS: ExportOption = { kind: "fps" };
export const FRAMES: ExportOption = { kind: "frames" };
/** For consumers that take more points than the grid has. */
export const SPACING: ExportOption = { kind: "spacing" };
/** For consumers that want fewer. */
export const TRACKS: ExportOption = { kind: "tracks", proposed: [512, 128, 64, 16] };
export const FEW_TRACKS: ExportOption = { kind: "tracks", proposed: [16, 8, 4, 1] };
/** Lengths that Wan's models make: 4k + 1. */
export const WAN_FRAMES: ExportOption = { kind: "frames", proposed: [33, 49, 65, 81, 97, 117] };
