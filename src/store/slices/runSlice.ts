import type { StateCreator } from "zustand";
import type { BackendReport } from "../../domain/ports.ts";
import type { Weighed } from "../../engine/edits/wishes.ts";

export type Phase = "idle" | "opening" | "decoding" | "tracking" | "loading" | "forecasting";

export interface Notice {
  readonly kind: "error" | "info";
  readonly message: string;
  readonly remedy: string;
}

export interface RunSlice {
  readonly phase: Phase;
  /** Units done of the current phase; total 0 means unknown. */
  readonly done: number;
  readonly total: number;
  readonly phaseStartedMillis: number;
  /** The sentence that the status region announces. */
  readonly status: string;
  readonly notice: Notice | null;
  /** Seeds on their way, by slot id. */
  readonly pending: Readonly<Record<number, number>>;
  /** Tracking of what really happened goes on after the forecast is ready. */
  readonly truthProgress: { readonly done: number; readonly total: number } | null;
  readonly truthRevision: number;
  /** What the last run with wishes drew, and the key of the edits that it obeyed. */
  readonly weighed: (Weighed & { readonly editsKey: string }) | null;
  readonly backend: BackendReport | null;
  readonly pack: PackSummary | null;
  /** How far the model is that is made ready before there is a clip; total 0 once its files are here. */
  readonly readying: { readonly doneBytes: number; readonly totalBytes: number } | null;
  enterPhase(phase: Phase, status: string, total?: number): void;
  setProgress(done: number, total: number): void;
  setRun(part: Partial<Omit<RunSlice, "enterPhase" | "setProgress" | "setRun">>): void;
}

export interface PackSummary {
  readonly id: string;
  readonly name: string;
  readonly licence: string;
  readonly bytes: number;
  readonly steps: number | null;
}

export const createRunSlice: StateCreator<RunSlice, [], [], RunSlice> = (set) => ({
  phase: "idle",
  done: 0,
  total: 0,
  phaseStartedMillis: 0,
  status: "Ready for a clip",
  notice: null,
  pending: {},
  truthProgress: null,
  truthRevision: 0,
  weighed: null,
  backend: null,
  pack: null,
  readying: null,
  enterPhase: (phase, status, total = 0) =>
    set({ phase, status, done: 0, total, phaseStartedMillis: performance.now() }),
  setProgress: (done, total) => set({ done, total }),
  setRun: (part) => set(part),
});
