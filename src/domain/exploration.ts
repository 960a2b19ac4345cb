import type { PictureSight } from "./latent.ts";

/** Many futures of one picture at once, by their fields: groups, shares and a map, without tracks. */
export interface Exploration {
  readonly sight: PictureSight;
  /** Seed of each sample: K of them, as a forecast with these seeds would draw. */
  readonly seeds: readonly number[];
  /** [K,L] */
  readonly latentsKL: Float32Array;
  /** [K,Q]: fields folded to Q numbers whose Euclidean distance is that of the futures, px. */
  readonly sketchKQ: Float32Array;
  readonly modes: Modes;
  readonly map: FuturesMap;
}

/** Place of a sample among the modes. */
export const LABEL = { other: -1, still: -2 } as const;

export interface Modes {
  /** Futures nearer than this, px, are alike: root mean square over moving points and frames. */
  readonly radiusPx: number;
  /** In the order of their shares. */
  readonly groups: readonly Mode[];
  /** [K] number of its mode, or one of LABEL. */
  readonly labelsK: Int16Array;
  readonly still: Share;
  readonly other: Share;
  /** Most of the futures in modes fan out without a gap: the groups are only a way to cut them. */
  readonly isFan: boolean;
}

export interface Mode {
  /** Keeps when samples are added. From 1. */
  readonly number: number;
  /** Index of the sample that stands for it: one of its own, the nearest to all others. */
  readonly medoid: number;
  readonly share: Share;
  /** Where it moves and which way, in words. */
  readonly name: string;
  /** Coefficients [C,2,N] px of the medoid's field. */
  readonly fieldCN: Float32Array;
}

/**
 * How likely futures of a kind are, with an interval of 95 %: the share of the samples, or what came to
 * pass of such shares where the model tells (`isTested`).
 */
export interface Share {
  readonly share: number;
  readonly isTested: boolean;
  /** Samples of the kind, and all. */
  readonly count: number;
  readonly total: number;
  readonly low: number;
  readonly high: number;
}

/** Samples on a plane by what they do, not by their latents. */
export interface FuturesMap {
  /** [K,2] px: the two directions in which the futures differ most. */
  readonly placesK2: Float32Array;
  /** Mean displacement at the end, px, of the samples furthest left, right, up and down on the map. */
  readonly rim: Readonly<Record<"left" | "right" | "top" | "bottom", readonly [number, number]>>;
  /** Share of all variance that each axis shows. */
  readonly explained: readonly [number, number];
}
