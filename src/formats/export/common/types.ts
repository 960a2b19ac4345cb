import type { Size } from "../../../domain/clip.ts";
import type { Tracks } from "../../../domain/tracks.ts";

export type ExportFormatName =
  | "comfyui-wanmove"
  | "comfyui-ati"
  | "kjnodes-spline"
  | "wan-move"
  | "wan2gp"
  | "ati"
  | "trajloom"
  | "trajloom-benchmark"
  | "tapvid"
  | "csv"
  | "json"
  | "rerun";

/**
 * Which frames are written. `future` and `truth` begin with the "now" frame itself, `past` ends with
 * it, `both` is the past (with "now") followed by the future.
 */
export type ExportLayer = "future" | "past" | "both" | "truth";

/** What the user chooses. Everything is optional: absent means the format's own default. */
export interface ExportOptions {
  readonly layer?: ExportLayer;
  /** Indices into `forecast.futures`, from 0. Default: the first one. Ignored by past and truth. */
  readonly futures?: readonly number[];
  /** Picture size of the consumer. Another aspect ratio crops the working frame's centre (`cover`). */
  readonly size?: Size;
  /** Frames a second of the output: motion is resampled in time to it. */
  readonly fps?: number;
  /** Length of the output in frames. Without `fps` the whole layer is spread over it. */
  readonly frames?: number;
  /** Indices of the query points to write. Default: all. */
  readonly points?: readonly number[];
}

export interface ExportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ExportResult {
  readonly fileName: string;
  readonly mediaType: string;
  /** The main file; for a format of several files their zip. Same bytes in page and command. */
  readonly bytes: Uint8Array;
  /** The files of the zip, for a command that writes a folder; absent for a single file. */
  readonly files?: readonly ExportFile[];
  /** Files that go beside the main one and that the consumer does not read, such as metadata. */
  readonly sidecars: readonly ExportFile[];
}

/** Why a point is not in the file. */
export type DropReason = "hidden at the first frame" | "outside the picture at the first frame";

export interface DroppedPoint {
  readonly pointId: number;
  readonly reason: DropReason;
}

/** What the consumer will see of the first chosen future. */
export interface ExportPreview {
  readonly layer: ExportLayer;
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

export interface ExportFormatInfo {
  readonly name: ExportFormatName;
  readonly label: string;
  /** One line: which tool reads it. */
  readonly description: string;
  /** With the dot. Formats of several files are a zip in the page and a folder on the command line. */
  readonly extension: ".json" | ".npy" | ".npz" | ".pth" | ".csv" | ".py" | ".zip";
  readonly severalFiles: boolean;
  /** True for formats read by a video generator: frame 0 is the generator's first image. */
  readonly generator: boolean;
  readonly defaultLayer: ExportLayer;
  /** Output frames by default; absent = as many as the layer has. */
  readonly defaultFrames?: number;
  /** The rate at which the consumer plays its frames, where it is known. */
  readonly playbackFps?: number;
  /** Options that the format cannot honour, because its consumer fixes them. */
  readonly fixed: readonly ("layer" | "size" | "fps" | "frames")[];
}
