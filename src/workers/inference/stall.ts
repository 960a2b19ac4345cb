import { SilenceWatch } from "../silence.ts";

/** A graph run that takes this many times the longest one before is not slow but stuck. */
const TIMES_LONGER = 10;
/** No run is given up sooner, however fast those before were: machines get busy. */
const LEAST_MILLIS = 60_000;

/**
 * Notices a runtime that stands still in a living thread: one of its own threads has been ended, and
 * the others wait for it without end. A forecast speaks before each of its graph runs, so what is
 * measured is the longest run of the forecasts that ended well; before one has, nothing is judged.
 */
export class StallWatch {
  private readonly silence = new SilenceWatch(() => this.stalled());
  private active = 0;
  private lastMillis = 0;
  private longestNowMillis = 0;
  private longestMillis = 0;

  constructor(private readonly onStalled: (reason: string) => void) {}

  /** A forecast starts. Gives what to call at its end, and whether it ended well. */
  start(): (well: boolean) => void {
    if (this.active++ === 0) {
      this.longestNowMillis = 0;
      this.lastMillis = performance.now();
      if (this.longestMillis > 0) this.silence.listen(this.patienceMillis);
    }
    return (well) => {
      if (well) this.longestMillis = Math.max(this.longestMillis, this.longestNowMillis, 1);
      this.active--;
      if (this.active === 0) this.silence.stop();
    };
  }

  heard(): void {
    const now = performance.now();
    this.longestNowMillis = Math.max(this.longestNowMillis, now - this.lastMillis);
    this.lastMillis = now;
    this.silence.heard();
  }

  private get patienceMillis(): number {
    return Math.max(LEAST_MILLIS, TIMES_LONGER * this.longestMillis);
  }

  private stalled(): void {
    const secs = (millis: number) => `${Number((millis / 1000).toPrecision(2))} s`;
    const reason = `no step in ${secs(this.patienceMillis)}, where the longest before took ${secs(this.longestMillis)}`;
    // Where it was only slow, the next try is given more time.
    this.longestMillis = (2 * this.patienceMillis) / TIMES_LONGER;
    this.onStalled(reason);
  }
}
