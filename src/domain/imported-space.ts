import type { Size } from "./clip.ts";
import type { PinholePath } from "./pinhole.ts";
import type { Tracks } from "./tracks.ts";

/** Cameras and places in space that a file of tracks brings along, over the frames of the file. */
export interface ImportedSpace {
  /** videoPx; the world and its scale are the file's. */
  readonly cameras: PinholePath;
  /** [T,N,3] world, of the points of its tracks; NaN where the file tells none. */
  readonly positionsTN3: Float32Array;
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
