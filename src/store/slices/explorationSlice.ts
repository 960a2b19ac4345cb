import type { StateCreator } from "zustand";
import type { Preferences } from "../../engine/exploration/preference.ts";

/** What the studio follows of many futures of one picture; the arrays are in the bulk store. */
export interface ExplorationSummary {
  /** Key in the bulk store. */
  readonly id: string;
  readonly historyId: string;
  /** Which model it was. */
  readonly packIdentity: string;
  readonly count: number;
}

/** A future that is tried out and has no slot yet. */
export interface LiveFuture {
  /** Key in the bulk store. */
  readonly id: string;
  /** What it is, for people. */
  readonly words: string;
  /** The seed that draws it, where one does. */
  readonly seed: number | null;
}

/** Where sliders, variations and ways to other futures start. */
export interface LatentBase {
  readonly z: readonly number[];
  readonly words: string;
  /** Number of the slot whose future it is, where it is one that was kept. */
  readonly slotId?: number;
}

export interface ExplorationSlice {
  readonly exploration: ExplorationSummary | null;
  /** Number of the mode whose samples are shown. */
  readonly openMode: number | null;
  readonly live: LiveFuture | null;
  readonly base: LatentBase | null;
  /** Where on the map the live future was blended, px of the map. */
  readonly mapPlace: readonly [number, number] | null;
  /** Parts of the latent that stay while others are drawn, by name. */
  readonly heldParts: readonly string[];
  readonly preferences: Preferences;
  /** 0..1: how far a variation goes. */
  readonly strength: number;
  setExploration(part: Partial<Omit<ExplorationSlice, "setExploration">>): void;
}

export const NO_PREFERENCES: Preferences = { liked: [], disliked: [] };

export const createExplorationSlice: StateCreator<ExplorationSlice, [], [], ExplorationSlice> = (
  set,
) => ({
  exploration: null,
  openMode: null,
  live: null,
  base: null,
  mapPlace: null,
  heldParts: ["camera"],
  preferences: NO_PREFERENCES,
  strength: 0.3,
  setExploration: (part) => set(part),
});
