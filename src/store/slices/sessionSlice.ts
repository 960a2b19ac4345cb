import type { StateCreator } from "zustand";

/** `off`: this page keeps nothing (no storage, or another tab does). */
export type Keeping = "off" | "writing" | "kept" | "failed";

/** What the browser's storage could not take; shown until it is dismissed or no longer true. */
export interface QuotaNotice {
  /** The storage key of the clip's file, or "session" for everything else. */
  readonly of: string;
  readonly message: string;
  readonly remedy: string;
}

export interface SessionSlice {
  /** Whether a reload would bring the work back. */
  readonly keeping: Keeping;
  readonly quotaNotice: QuotaNotice | null;
  setKeeping(keeping: Keeping): void;
  setQuotaNotice(quotaNotice: QuotaNotice | null): void;
}

export const createSessionSlice: StateCreator<SessionSlice, [], [], SessionSlice> = (set) => ({
  keeping: "off",
  quotaNotice: null,
  setKeeping: (keeping) => set({ keeping }),
  setQuotaNotice: (quotaNotice) => set({ quotaNotice }),
});
