import { CancelledError } from "../domain/errors.ts";
import type { Job, Progress } from "../domain/job.ts";

/** The kinds of work that run side by side; a new job of a kind cancels the one before it. */
export type JobKind = "open" | "run" | "truth" | "pack" | "relief" | "lift" | "subject";

export interface RunningJob extends Job {
  readonly signal: AbortSignal;
  /** Ends the job; true if no newer one of its kind has taken over. */
  finish(): boolean;
}

/** The jobs of one studio. */
export class Jobs {
  readonly #running = new Map<JobKind, AbortController>();

  start(kind: JobKind, onProgress?: (progress: Progress) => void): RunningJob {
    this.cancel(kind);
    const controller = new AbortController();
    this.#running.set(kind, controller);
    return {
      signal: controller.signal,
      onProgress: onProgress && ((progress) => controller.signal.aborted || onProgress(progress)),
      finish: () => {
        if (this.#running.get(kind) !== controller) return false;
        this.#running.delete(kind);
        return true;
      },
    };
  }

  cancel(kind: JobKind): void {
    this.#running.get(kind)?.abort(new CancelledError());
    this.#running.delete(kind);
  }
}
