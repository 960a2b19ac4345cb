/** Of the time between two drawings, at most a third is spent on them. */
const REST = 2;

/**
 * Lets what comes one after the other be drawn as often as drawing is cheap: where a frame takes 0.2 s, as
 * without a graphics card, drawing each of eight futures would keep the processor from sampling the next.
 */
export class DrawingPace {
  #restUntil = 0;
  #isMeasuring = false;
  #waiting: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly frameMillis = nextFrameMillis) {}

  /** Draws at the next chance that leaves room for other work; what waited before is left out. */
  soon(draw: () => void): void {
    this.#waiting = draw;
    if (!this.#isMeasuring) this.#schedule();
  }

  /** Draws at once, instead of whatever waits. */
  now(draw: () => void): void {
    clearTimeout(this.#timer);
    this.#waiting = null;
    draw();
    if (!this.#isMeasuring) void this.#measure();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#waiting = null;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const draw = this.#waiting;
    if (!draw) return;
    const wait = this.#restUntil - performance.now();
    if (wait <= 0) this.now(draw);
    else this.#timer = setTimeout(() => this.#schedule(), wait);
  }

  async #measure(): Promise<void> {
    this.#isMeasuring = true;
    const millis = await this.frameMillis();
    this.#restUntil = performance.now() + REST * millis;
    this.#isMeasuring = false;
    this.#schedule();
  }
}

/** How long the next frame takes, with what the browser does to show it. */
function nextFrameMillis(): Promise<number> {
  return new Promise((done) => {
    requestAnimationFrame(() => {
      const begun = performance.now();
      setTimeout(() => done(performance.now() - begun));
    });
  });
}
