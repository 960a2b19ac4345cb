import { CancelledError } from "./errors.ts";

/** Progress of one stage. `done` and `total` count the stage's own unit (frames, files, futures). */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** What every long operation accepts: a way to stop it and a way to watch it. */
export interface Job {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Throws CancelledError once the job's signal is aborted. Call between units of work. */
export function throwIfCancelled(job: Job | undefined): void {
  if (job?.signal?.aborted) throw new CancelledError();
}
