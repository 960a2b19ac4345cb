import type { Size } from "./clip.ts";
import type { PinholePath } from "./pinhole.ts";
import type { Tracks } from "./tracks.ts";

/** Cameras and places in space that a file of tracks brings along, over the frames of the file. */
export interface ImportedSpace {
  /** videoPx; the world and its scale are the file's. */
  readonly cameras: PinholePath;
  /** [T,N,3] world, of the points of its tracks; NaN where the file tells none. */
  readonly positionsTN3: Float32Array;
  /** Everything of a dense field, to be looked at. */
  readonly cloud?: SpaceCloud;
}

/** A dense field in the world of its file: what stands of all frames, what moves frame by frame. */
export interface SpaceCloud {
  /** [N,3], in mixed order: any first part of it is from all over. */
  readonly stillN3: Float32Array;
  /** [N,3] 0 to 255. */
  readonly stillRgbN3: Uint8Array;
  /** [M,K,4] bits of halves: control points of published curves, and one number unused. */
  readonly controlMK4: Uint16Array;
  readonly controlCount: number;
  /** [M,3] 0 to 255. */
  readonly movingRgbM3: Uint8Array;
  /** [T+1] where the curves of each frame begin. */
  readonly firstT: Uint32Array;
  /** [T] times of the frames on the curves, 0 to 1. */
  readonly timeT: Float32Array;
}

/** From the world of a file to that of a field: scale·R·x + shift. */
export interface FileWorld {
  /** Row-major. */
  readonly rotation9: ArrayLike<number> & Iterable<number>;
  readonly shift: readonly [number, number, number];
  readonly scale: number;
}

/** A dense field behind a past: where it lies, and which of its frames is when. */
export interface PlacedCloud {
  readonly cloud: SpaceCloud;
  readonly world: FileWorld;
  /** Frame of the file at "now", and frames of the file per frame of the past. */
  readonly nowFrame: number;
  readonly step: number;
}

/** A past whose place in space a file tells. */
export interface FileFieldRequest {
  readonly space: ImportedSpace;
  /** Of the same points, videoPx. */
  readonly tracks: Tracks;
  /** [T] frame of the file that each frame of the past shows, not always whole; the last is "now". */
  readonly fileFrameT: Float64Array;
  /** [Q,2] videoPx at "now": the points that the field is told of. */
  readonly queryXyQ2: Float32Array;
  readonly size: Size;
  /** Cells of the relief. */
  readonly columns: number;
  readonly rows: number;
}
