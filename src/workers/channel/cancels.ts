/** A thread that has not ended a cancelled call by then hangs, or is busy with what nobody wants. */
const PATIENCE_MILLIS = 30_000;

/** Cancelled calls whose end the thread has not told yet. */
export class UnansweredCancels {
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  constructor(private readonly onOverdue: () => void) {}

  add(id: number): void {
    this.timers.set(id, setTimeout(this.onOverdue, PATIENCE_MILLIS));
  }

  answered(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  clear(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
