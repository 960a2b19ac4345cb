import type { StateCreator } from "zustand";

/** `off`: this page keeps nothing (no storage, or another tab does). */
export type Keeping = "off" | "writing" | "kept" | "failed";

/** What the browser's storage could not take; shown until it is dismissed or no longer true. */
export interface Shortage {
  /** The storage key of the clip's file, or "session" for everything else. */
  readonly of: string;
  readonly message: string;
  readonly remedy: string;
}

export interface SessionSlice {
  /** Whether a reload would bring the work back. */
  readonly keeping: Keeping;
  readonly shortage: Shortage | null;
  setKeeping(keeping: Keeping): void;
  setShortage(shortage: Shortage | null): void;
}

export const createSessionSlice: StateCreator<SessionSlice, [], [], SessionSlice> = (set) => ({
  keeping: "off",
  shortage: null,
  setKeeping: (keeping) => set({ keeping }),
  setShortage: (shortage) => set({ shortage }),
});
