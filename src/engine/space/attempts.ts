import { type Job, throwIfCancelled } from "../../domain/job.ts";

/** Steps that an attempt of up to 3,000 points takes at most, by what was counted; the rest is not told. */
const STEPS = 180;
/** All frames, then two shorter spans of them; the same of the points that hold alone. */
const MOST = 6;

/** One progress over all attempts at a relief, that never goes back; one that succeeds ends before the others begin. */
export class Attempts {
  private done = 0;
  private began = 0;

  constructor(private readonly job: Job | undefined) {}

  /** A step of the attempt. @throws CancelledError */
  readonly tick = (): void => {
    throwIfCancelled(this.job);
    this.done = Math.min(this.done + 1, this.began + STEPS - 1);
    this.tell();
  };

  next(): void {
    this.began += STEPS;
    this.done = this.began;
    this.tell();
  }

  private tell(): void {
    this.job?.onProgress?.({ stage: "Relief", done: this.done, total: MOST * STEPS });
  }
}
