const TICK_MILLIS = 500;

/**
 * Tells when nothing has been heard for a while. It counts ticks, not the clock: a thread that was
 * busy or asleep finds what it was told meanwhile before it takes the silence for real.
 */
export class SilenceWatch {
  private timer: ReturnType<typeof setInterval> | undefined;
  private quietMillis = 0;

  constructor(private readonly onSilent: () => void) {}

  /** Starts to listen, or starts over. */
  listen(patienceMillis: number): void {
    this.stop();
    this.timer = setInterval(() => {
      this.quietMillis += TICK_MILLIS;
      if (this.quietMillis < patienceMillis) return;
      this.stop();
      this.onSilent();
    }, TICK_MILLIS);
  }

  heard(): void {
    this.quietMillis = 0;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.quietMillis = 0;
  }
}
