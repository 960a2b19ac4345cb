import { type Job, throwIfCancelled } from "../../domain/job.ts";

/** Runs tasks one after another. A task that fails or was cancelled never holds up the next. */
export class Fifo {
  private last: Promise<unknown> = Promise.resolve();

  /** A task whose job is cancelled while it waits is never started. */
  run<T>(task: () => Promise<T>, job?: Job): Promise<T> {
    const result = this.last.then(() => {
      throwIfCancelled(job);
      return task();
    });
    this.last = result.catch(() => undefined);
    return result;
  }
}
