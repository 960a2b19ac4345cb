import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/**
 * The latent of a future: the numbers z ~ N(0, I) from which a model that sees one picture makes it.
 * With the pack and the picture they give the future again, so they are kept wherever it goes.
 */
export interface FutureLatent {
  readonly z: readonly number[];
  /** SHA-256 of the picture's bytes as the model saw it. */
  readonly picture: string;
  /** Latents that it was made of; absent where a seed drew it. */
  readonly parents?: readonly LatentParent[];
}

export interface LatentParent {
  readonly z: readonly number[];
  /** Share that it has in the child. */
  readonly weight: number;
}

/** A latent that the user arrived at: by a map, a slider, between two futures, as a variation. */
export type LatentChoice = Omit<FutureLatent, "picture">;

/** A stretch of z with a meaning of its own, which users may hold while the rest is drawn anew. */
export interface LatentPart {
  readonly name: string;
  readonly from: number;
  readonly length: number;
  /** At rest, all zeros, unless it is let go: what it would change then stays as it is. */
  readonly rests?: boolean;
}

/**
 * What a model with a latent sees in one picture. N points, row by row; C rows of a time basis that is
 * orthonormal over T frames, so that a displacement field [C,2,N] is as far from another one as their
 * displacements are over all frames and points.
 */
export interface PictureSight {
  /** SHA-256 of the picture's bytes as the model saw it. */
  readonly picture: string;
  readonly latentSize: number;
  readonly parts: readonly LatentPart[];
  readonly frameCount: number;
  /** [C,T] */
  readonly timeBasisCT: Float32Array;
  /** [N,2] videoPx at "now". */
  readonly queryXyN2: Float32Array;
  readonly width: number;
  readonly height: number;
  /** [N] probability that the point moves. */
  readonly movingN: Float32Array;
  /** [N] px that the point is expected to get away from its place. */
  readonly extentN: Float32Array;
  /** Ways to finer cells, whose edges follow those in the picture; none where the model offers none. */
  readonly finer: readonly FinerCells[];
  /** Absent where the model does not tell. */
  readonly happened?: HappenedShares | undefined;
}

/**
 * How often what samples show came to pass in clips that the model had not learnt from. Of pictures in
 * whose samples nothing moves in the share p, nothing moved in 1/(1 + exp(−(a + b·(p − ½)))),
 * `still` = [a, b]; of the others, the share `other` went as no mode does.
 */
export interface HappenedShares {
  readonly still: readonly [number, number];
  readonly other: number;
  /** Different sources of those clips. */
  readonly sources: number;
}

/** How the grid's quantities become those of `factor` × as many rows and columns. */
export interface FinerCells {
  readonly factor: number;
  /**
   * [9,M], M = N·factor²: weights of the nine cells around the one that a fine cell lies in, row by row
   * from above left; they sum to 1.
   */
  readonly weights9M: Float32Array;
}

/** Tells latents apart, however close: 16 hex digits of the SHA-256 of their float32 values. */
export function latentKey({ z }: Pick<LatentChoice, "z">): string {
  return bytesToHex(sha256(new Uint8Array(Float32Array.from(z).buffer))).slice(0, 16);
}
