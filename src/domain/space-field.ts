import type { Size } from "./clip.ts";
import type { FileWorld } from "./imported-space.ts";
import type { PinholePath } from "./pinhole.ts";
import type { Relief } from "./relief.ts";
import type { Tracks } from "./tracks.ts";

/** What a point does, by what can be told. */
export const UNKNOWN = 0;
export const STATIC = 1;
export const MOVING = 2;

/** Why no depth can be told of a whole clip. */
export type Unknowable =
  | "too-few-points"
  /** A camera that turns and zooms where it stands explains the tracks as well. */
  | "no-translation"
  /** Most of the tracks fit no still scene. */
  | "no-still-scene"
  /** Hardly anything in the picture holds a track. */
  | "bare"
  /** Two reliefs that contradict each other fit alike. */
  | "ambiguous";

/** Cameras and points of a clip in space, as its tracks tell them. */
export interface SpaceField {
  /** Of all frames, in units of the median depth at the anchor; null where nothing is known. */
  readonly cameras: PinholePath | null;
  /** Frame whose camera is the world: its points are exact. */
  readonly anchorFrame: number;
  readonly why: Unknowable | null;
  /** By a network that is sure where the adjustment tells nothing; by both where the network has a part in the
   * typical depth, or decided which of two reliefs is right. Left out where the tracks alone tell. */
  readonly toldBy?: "network" | "both";
  /** [N] 1/depth at the anchor, median of the static ones 1, above 0. */
  readonly inverseDepthN: Float32Array;
  /** [N] standard deviation of its logarithm. */
  readonly sigmaLogN: Float32Array;
  /** [N] UNKNOWN, STATIC or MOVING. */
  readonly stateN: Uint8Array;
  /** [N] 1 = UNKNOWN by its track, and taken to lie on the level ground that the camera drives along. */
  readonly groundN?: Uint8Array;
  /** [N] root mean square residual of the still scene, px: large where a point moves by itself. */
  readonly residualPxN: Float32Array;
  /** Largest shift of the median point by translation alone, px. */
  readonly parallaxPx: number;
  readonly focal: { readonly px: number; readonly isGuess: boolean };
}

/** [N] the states as they are shown: assumed ground is seen with what stands still. */
export function shownStates({ stateN, groundN }: SpaceField): Uint8Array {
  return groundN ? stateN.map((state, n) => (groundN[n] ? STATIC : state)) : stateN;
}

/** What a network tells of points before anything is adjusted. */
export interface DepthGuess {
  /** [N] 1/depth at the anchor, relative, above 0. */
  readonly inverseDepthN: Float32Array;
  /** [N] standard deviation of its logarithm. */
  readonly sigmaLogN: Float32Array;
  /** [N] probability that the point moves by itself. */
  readonly movingN: Float32Array;
  /** Of packs that tell it. */
  readonly path?: PathGuess;
}

/** What a network tells beside depth, in the same pass. */
export interface PathGuess {
  /** [N] inverse depths that meet the tracks under these cameras, in the unit of those told: for one answer of both. */
  readonly metDepthN: Float32Array;
  /** [T,9] rotation from world to camera of every frame, row-major. */
  readonly rotationT9: Float32Array;
  /** [T,3] shift from world to camera, in the unit that makes depths 1 over the inverse ones. */
  readonly translationT3: Float32Array;
  /** [N,K,3] control points of a C² spline over all frames: how far the point has gone from where it is at the
   * anchor, world axes, in its own depths there. */
  readonly wayNK3: Float32Array;
}

/** Curves of all points over one span of frames: control points [N,K,3] of a C² spline, world. */
export interface SpaceCurves {
  readonly controlNK3: Float32Array;
  readonly controlCount: number;
  /** Root mean square distance of the curves from the positions, world units. */
  readonly residual: number;
}

export interface ReliefRequest {
  /** Positions videoPx; the points are those of the anchor frame. */
  readonly tracks: Tracks;
  readonly anchorFrame: number;
  readonly size: Size;
  /** Of every frame of the tracks, videoPx, where another program found them. */
  readonly cameras?: PinholePath;
  /** What a network tells of the same points. */
  readonly guess?: DepthGuess;
  /** [N] what holds each track (engine/space/texture.ts): those that nothing holds are not believed. */
  readonly textureN?: Float32Array;
  /** Cells of the relief. */
  readonly columns: number;
  readonly rows: number;
}

export interface ReliefAnswer {
  readonly field: SpaceField;
  /** Null where nothing is known. */
  readonly relief: Relief | null;
  readonly curves: SpaceCurves | null;
  /** Of a past whose place in space a file tells. */
  readonly fileWorld?: FileWorld;
}

/** A future in the space of its past. */
export interface LiftedFuture {
  /** Of its frames, by resection of the static points. */
  readonly cameras: PinholePath;
  /** Root mean square distance of static points from where that camera sees them, px: how far the
   * future is from a still scene seen by one camera. */
  readonly rigidityPx: number;
  /** From "now" on: frame 0 is "now" itself. */
  readonly curves: SpaceCurves;
}

export interface LiftRequest {
  readonly field: SpaceField;
  /** [N,2] videoPx at "now". */
  readonly queryXyN2: Float32Array;
  readonly futures: readonly Tracks[];
}

/** What is told in space of a forecast: of its past, and of its futures. */
export interface SpaceOfForecast {
  readonly field: SpaceField;
  /** [N,2] videoPx at "now", the points of the field: those of the history, or denser ones. */
  readonly queryXyN2: Float32Array;
  /** Null where nothing is known. */
  readonly curves: SpaceCurves | null;
  /** In the order of the forecast's futures; null for one that is not lifted. */
  readonly lifted: readonly (LiftedFuture | null)[];
  /** [N,3] 0 to 255: colours of the picture of "now" at the points, where it is there. */
  readonly rgbN3?: Uint8Array;
}
