import type { Fit, Size } from "../../../domain/clip.ts";
import type { ImportedSpace } from "../../../domain/imported-space.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import type { NpyArray } from "../../containers/npy.ts";

/** Meaning of each dimension: B batch, T time, N point, C coordinates, H and W pixel rows and columns. */
export const TRACK_AXES = ["TNC", "NTC", "BTNC", "BNTC", "TCHW", "BTCHW"] as const;
export type TrackAxes = (typeof TRACK_AXES)[number];

/** `256` = pixels of a 256×256 square that the picture was stretched to, as TAP-Vid evaluates. */
export type TrackUnits = "px" | "0-1" | "256";
/** Where 0 lies: the centre or the left and top edge of the first pixel. */
export type PixelOrigin = "pixel-centre" | "pixel-edge";

/** Everything a file of tracks does not say by itself. The studio proposes it, the user confirms. */
export interface ImportChoices {
  /** Name of the array of positions. */
  readonly tracks: string;
  readonly axes: TrackAxes;
  readonly order: "xy" | "yx";
  readonly units: TrackUnits;
  readonly origin: PixelOrigin;
  /** Size of the picture in which the positions count. */
  readonly sourceSize: Size;
  /** How that picture fills the working frame. */
  readonly fit: Fit;
  /** Null = every finite position is visible. */
  readonly visibility: VisibilityChoice | null;
  /** Null = the file names no queries. */
  readonly queries: QueryChoice | null;
  /** What becomes of positions that are not numbers: the point is hidden there, or the import stops. */
  readonly nonFinite: "hide" | "refuse";
}

export interface VisibilityChoice {
  readonly array: string;
  readonly meaning: "visible" | "occluded";
  /** The stored value counts as true above this: 0.5 for flags and probabilities, 0 for logits. */
  readonly threshold: number;
}

export interface QueryChoice {
  readonly array: string;
  readonly order: "txy" | "tyx" | "xy";
  /** Not always those of the tracks: TAP-Vid's points are 0–1 and its queries often pixels. */
  readonly units: TrackUnits;
}

/** What a file holds, whatever its container. */
export interface LoadedArrays {
  /** What the dialog calls it. */
  readonly container: string;
  readonly arrays: ReadonlyMap<string, NpyArray>;
  readonly refused: readonly RefusedArray[];
  /** What the container itself settles. */
  readonly hints: LoadHints;
}

export interface LoadHints {
  readonly kind?: TrackInspection["kind"];
  readonly looksLike?: string;
  readonly tracks?: string;
  readonly axes?: TrackAxes;
  readonly units?: TrackUnits;
  readonly origin?: PixelOrigin;
  readonly sourceSize?: Size;
  readonly visibility?: VisibilityChoice | null;
  readonly fps?: number;
  /** Frame of the file that is "now", and its time in the clip. */
  readonly now?: { readonly frame: number; readonly secs: number };
  /** Cameras and places in space behind the tracks of that name, pixels of the file's picture. */
  readonly space?: ImportedSpace;
  /** Arrays that could be taken for tracks by their shape and are not. */
  readonly notTracks?: readonly string[];
  readonly notes?: readonly string[];
}

export interface RefusedArray {
  readonly name: string;
  readonly reason: string;
}

export interface ArrayNote {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Of the finite values; 0 where there are none. */
  readonly min: number;
  readonly max: number;
  readonly nonFinite: number;
  /** Index of the first value that is not a number, such as "[3, 17, 0]". */
  readonly firstNonFinite?: string;
}

export interface TrackInspection {
  readonly container: LoadedArrays["container"];
  /** `forecast` = our own document: `readDocument` opens all of it; importing takes its past. */
  readonly kind: "tracks" | "forecast";
  /** The tool whose layout this is, in words. */
  readonly looksLike: string;
  readonly arrays: readonly ArrayNote[];
  readonly refused: readonly RefusedArray[];
  readonly proposal: ImportChoices;
  /** Why each choice is proposed, one sentence each, for the user to check. */
  readonly reasons: readonly string[];
  /** Arrays and axes that could be chosen instead. */
  readonly possible: {
    readonly tracks: readonly string[];
    readonly axes: readonly TrackAxes[];
    readonly visibility: readonly string[];
    readonly queries: readonly string[];
  };
  readonly fps?: number;
  /** Where the file itself says which of its frames is "now", and when that is in the clip. */
  readonly now?: { readonly frame: number; readonly secs: number };
}

export interface ImportedTracks {
  /** videoPx of the working frame. */
  readonly tracks: Tracks;
  /** [N,3] (t,x,y), t in frames (0 where the file holds only x,y), videoPx; absent without queries. */
  readonly queriesN3?: Float32Array;
  readonly fps?: number;
  /** Where the points and the camera lie in space, where the file tells it. */
  readonly space?: ImportedSpace;
  /** What was hidden, thinned out or left aside, in plain sentences. */
  readonly notices: readonly string[];
}
