import { CancelledError } from "../../domain/errors.ts";
import type { Job, Progress } from "../../domain/job.ts";

/** The kinds of work that run side by side; a new job of a kind cancels the one before it. */
export type JobKind = "open" | "run" | "truth" | "pack";

export interface RunningJob extends Job {
  readonly signal: AbortSignal;
  /** Ends the job; true if no newer one of its kind has taken over. */
  finish(): boolean;
}

const running = new Map<JobKind, AbortController>();

export function startJob(kind: JobKind, onProgress?: (progress: Progress) => void): RunningJob {
  cancelRun(kind);
  const controller = new AbortController();
  running.set(kind, controller);
  return {
    signal: controller.signal,
    onProgress: onProgress && ((progress) => controller.signal.aborted || onProgress(progress)),
    finish() {
      if (running.get(kind) !== controller) return false;
      running.delete(kind);
      return true;
    },
  };
}

export function cancelRun(kind: JobKind): void {
  running.get(kind)?.abort(new CancelledError());
  running.delete(kind);
}

export function isRunning(kind: JobKind): boolean {
  return running.has(kind);
}
