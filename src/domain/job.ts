import { CancelledError } from "./errors.ts";

/** Progress of one stage. `done` and `total` count the stage's own unit (frames, files, futures). */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** The file or part of the stage that this report is about, in the same unit. */
  readonly item?: ProgressItem;
}

export interface ProgressItem {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** What every long operation accepts: a way to stop it and a way to watch it. */
export interface Job {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Of what many may wait for together, say a model. */
export interface SharedJob extends Job {
  /** Begun before anybody wants it: unless somebody does by then, a cancel ends the work too. */
  readonly isAhead?: boolean;
}

/** Throws CancelledError once the job's signal is aborted. Call between units of work. */
export function throwIfCancelled(job: Job | undefined): void {
  if (job?.signal?.aborted) throw new CancelledError();
}

/**
 * `work`'s result, or CancelledError as soon as the job is cancelled: what others wait for too goes
 * on, only this wait ends.
 */
export function unlessCancelled<T>(work: Promise<T>, job: Job | undefined): Promise<T> {
  const { signal } = job ?? {};
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new CancelledError());
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
  });
}
