import type { ServerPort, ToClient } from "./protocol.ts";

const BEAT_MILLIS = 1000;

/**
 * Tells the client about once a second that the thread lives while it is at work. Code that blocks
 * the thread says so with `setBlocks` and calls `beat` itself where it can.
 */
export class Heartbeat {
  private blocks = true;
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly port: ServerPort) {}

  /** Beats until `work` is done, except while what runs blocks the thread. */
  during<T>(work: Promise<T>): Promise<T> {
    this.beat();
    return this.every(BEAT_MILLIS / 2, work, () => this.blocks || this.beat());
  }

  /** Beats until `work` is done, for `millis` at most, however the thread is blocked. */
  patiently<T>(work: Promise<T>, millis: number): Promise<T> {
    const until = performance.now() + millis;
    return this.every(BEAT_MILLIS, work, () => performance.now() < until && this.beat());
  }

  setBlocks(blocks: boolean): void {
    this.blocks = blocks;
    this.last = performance.now();
    this.tell();
  }

  /** True where the last beat was long enough ago for another. */
  beat(): boolean {
    const now = performance.now();
    if (now - this.last < BEAT_MILLIS) return false;
    this.last = now;
    this.tell();
    return true;
  }

  private tell(): void {
    const message: ToClient = { kind: "alive", blocks: this.blocks };
    this.port.postMessage(message, { transfer: [] });
  }

  private every<T>(millis: number, work: Promise<T>, beat: () => unknown): Promise<T> {
    const timer = setInterval(beat, millis);
    return work.finally(() => clearInterval(timer));
  }
}
