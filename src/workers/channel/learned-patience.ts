import type { SilenceRules } from "./thread.ts";

/** Work that is silent this many times longer than ever before is not slow but stuck. */
const TIMES_LONGER = 10;
/** No thread is given up sooner, however fast it was before: machines get busy. */
const LEAST_MILLIS = 60_000;

/**
 * Notices a runtime that stands still in a living thread: one of its own threads has been ended, and
 * the others wait for it without end. It speaks before each of its steps, so what is measured is the
 * longest step of the work that ended well; before any has, nothing is judged.
 */
export class LearnedPatience implements SilenceRules {
  private active = 0;
  private lastMillis = 0;
  private longestNowMillis = 0;
  private longestMillis = 0;

  /** Steps of `work` are measured, and judged by those before. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.active++ === 0) {
      this.longestNowMillis = 0;
      this.lastMillis = performance.now();
    }
    try {
      const result = await work();
      this.longestMillis = Math.max(this.longestMillis, this.longestNowMillis, 1);
      return result;
    } finally {
      this.active--;
    }
  }

  heard(): void {
    const now = performance.now();
    this.longestNowMillis = Math.max(this.longestNowMillis, now - this.lastMillis);
    this.lastMillis = now;
  }

  patienceMillis(): number | null {
    return this.active > 0 && this.longestMillis > 0 ? this.limitMillis : null;
  }

  onSilent(): string {
    const secs = (millis: number) => `${Number((millis / 1000).toPrecision(2))} s`;
    const reason = `no step in ${secs(this.limitMillis)}, where the longest before took ${secs(this.longestMillis)}`;
    // Where it was only slow, the next try is given more time.
    this.longestMillis = (2 * this.limitMillis) / TIMES_LONGER;
    return reason;
  }

  private get limitMillis(): number {
    return Math.max(LEAST_MILLIS, TIMES_LONGER * this.longestMillis);
  }
}
