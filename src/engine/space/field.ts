import type { Cameras } from "./cameras.ts";

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
  /** Two reliefs that contradict each other fit alike. */
  | "ambiguous";

/** Cameras and points of a clip in space, as its tracks tell them. */
export interface SpaceEstimate {
  /** Of all frames; null where nothing is known. */
  readonly cameras: Cameras | null;
  readonly anchorFrame: number;
  readonly why: Unknowable | null;
  /** [N] 1/depth at the anchor, median of the static ones 1. Of movers: of the still points around them. */
  readonly inverseDepthN: Float32Array;
  /** [N] standard deviation of its logarithm. */
  readonly sigmaLogN: Float32Array;
  /** [N] UNKNOWN, STATIC or MOVING. */
  readonly stateN: Uint8Array;
  /** [N] root mean square residual of the still scene, px: large where a point moves by itself. */
  readonly residualPxN: Float32Array;
  /** Largest shift of the median point by translation alone, px. */
  readonly parallaxPx: number;
  readonly focal: { readonly px: number; readonly isGuess: boolean };
}
