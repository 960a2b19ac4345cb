import type { StateCreator } from "zustand";
import type { Progress } from "../../domain/job.ts";
import type { SpaceField, Unknowable } from "../../domain/space-field.ts";

/** What the relief of one history says in a few numbers. */
export interface ReliefSummary {
  /** Key of the relief in the bulk store, of the history that it was found in. */
  readonly id: string;
  readonly why: Unknowable | null;
  /** As of the field; left out where the tracks alone tell. */
  readonly toldBy?: SpaceField["toldBy"];
  readonly pointCount: number;
  /** Shares of points, 0 to 1. */
  readonly still: number;
  readonly moving: number;
  /** Taken to lie on level ground, of what no track tells. */
  readonly ground: number;
  readonly parallaxPx: number;
  /** Median standard deviation of log depth of the still points. */
  readonly sigmaLog: number;
  /** What the smooth curves miss of the paths, px at the median depth (root mean square). */
  readonly curvesPx: number;
  readonly focal: { readonly px: number; readonly isGuess: boolean };
}

export type SpaceColour = "clip" | "depth" | "confidence" | "speed" | "direction" | "state";

export interface SpaceSlice {
  readonly relief: ReliefSummary | null;
  readonly reliefProgress: Progress | null;
  /** By the key of each future: how far it is from a still scene seen by one camera, px. */
  readonly rigidityPx: Readonly<Record<string, number>>;
  readonly spaceColour: SpaceColour;
  readonly spaceShown: {
    readonly still: boolean;
    readonly moving: boolean;
    readonly unknown: boolean;
  };
  /** Points stay at this frame while the playhead goes on; null = they go along. */
  readonly frozenAt: number | null;
  /** Futures are listed by how rigid they are. */
  readonly ranksByRigidity: boolean;
  setSpace(part: Partial<Omit<SpaceSlice, "setSpace">>): void;
}

export const createSpaceSlice: StateCreator<SpaceSlice, [], [], SpaceSlice> = (set) => ({
  relief: null,
  reliefProgress: null,
  rigidityPx: {},
  spaceColour: "clip",
  spaceShown: { still: true, moving: true, unknown: false },
  frozenAt: null,
  ranksByRigidity: false,
  setSpace: (part) => set(part),
});
