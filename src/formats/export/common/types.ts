import type { Size } from "../../../domain/clip.ts";
import type { Tracks } from "../../../domain/tracks.ts";

/**
 * Which frames are written; users know it as the layer. `future` and `truth` begin with the "now" frame itself, `past` ends with
 * it, `both` is the history (with "now") followed by the future.
 */
export type ExportSegment = "future" | "past" | "both" | "truth";

export const EXPORT_SEGMENTS: readonly ExportSegment[] = ["future", "past", "both", "truth"];

/** What the user chooses. Everything is optional: absent means the format's own default. */
export interface ExportOptions {
  readonly segment?: ExportSegment;
  /** Indices into `forecast.futures`, from 0. Ignored by segments without a future. */
  readonly futures?: readonly number[];
  /** Picture size of the consumer. Another aspect ratio crops the working frame's centre (`cover`). */
  readonly size?: Size;
  /** Frames a second of the output: motion is resampled in time to it. */
  readonly fps?: number;
  /** Length of the output in frames. Without `fps` the whole segment is spread over it. */
  readonly frames?: number;
  /** Indices of the query points to write. Default: all. */
  readonly points?: readonly number[];
  /** Points every so many px of the working frame beside the grid's own. Not with `points`. */
  readonly spacing?: number;
  /** At most so many tracks: those of edits first, then spread over the picture. */
  readonly tracks?: number;
  /** Values of the `choice` options that the format declares, by their id. */
  readonly choices?: Readonly<Record<string, string>>;
}

export interface ExportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file that goes beside the main one and that the consumer does not read, such as metadata. */
export interface SidecarFile extends ExportFile {
  /** What a button that saves it says. */
  readonly label: string;
}

export interface ExportResult {
  readonly fileName: string;
  readonly mediaType: string;
  /** The main file; for a format of several files their zip. Same bytes in page and command. */
  readonly bytes: Uint8Array;
  /** The files of the zip, for a command that writes a folder; absent for a single file. */
  readonly files?: readonly ExportFile[];
  readonly sidecars: readonly SidecarFile[];
}

/** Why a point is not in the file. */
export type DropReason = "hidden at the first frame" | "outside the picture at the first frame";

export interface DroppedPoint {
  readonly pointId: number;
  readonly reason: DropReason;
}

/** What the consumer will see of the first chosen future. */
export interface ExportPreview {
  readonly segment: ExportSegment;
  readonly frameCount: number;
  readonly fps: number;
  readonly size: Size;
  /** Query point indices kept, in the order of the file. */
  readonly pointIds: Int32Array;
  readonly dropped: readonly DroppedPoint[];
  /** Number of (frame, point) samples that the consumer sees as hidden. */
  readonly hiddenSamples: number;
  /** Tracks as the consumer reads them, pixels of `size`, 0 = centre of the first pixel. */
  readonly tracks: Tracks;
  /** Plain sentences the user should read: what was resampled, held, cut, dropped or ignored. */
  readonly notices: readonly string[];
}
