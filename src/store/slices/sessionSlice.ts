import type { StateCreator } from "zustand";

/** `off`: this page keeps nothing (no storage, or another tab does). */
export type Keeping = "off" | "writing" | "kept" | "failed";

export interface SessionSlice {
  /** Whether a reload would bring the work back. */
  readonly keeping: Keeping;
  setKeeping(keeping: Keeping): void;
}

export const createSessionSlice: StateCreator<SessionSlice, [], [], SessionSlice> = (set) => ({
  keeping: "off",
  setKeeping: (keeping) => set({ keeping }),
});
