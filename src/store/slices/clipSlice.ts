import type { StateCreator } from "zustand";
import type { ClipInfo, WorkingOptions } from "../../domain/clip.ts";

export interface ClipSummary {
  readonly id: string;
  readonly info: ClipInfo;
  readonly options: WorkingOptions;
  readonly bytes: number;
}

export interface ClipSlice {
  readonly clips: Readonly<Record<string, ClipSummary>>;
  /** How the next clip is opened. */
  readonly working: WorkingOptions;
  addClip(summary: ClipSummary): void;
  setWorking(options: WorkingOptions): void;
}

/** What Wan-type video generators work at. */
export const DEFAULT_RATE = 16;

export const createClipSlice: StateCreator<ClipSlice, [], [], ClipSlice> = (set, get) => ({
  clips: {},
  working: { rate: DEFAULT_RATE, fit: "cover" },
  addClip: (summary) => set({ clips: { ...get().clips, [summary.id]: summary } }),
  setWorking: (working) => set({ working }),
});
