/**
 * Values that one side adds as they come and another takes in their order. One reader; a reader that
 * stops early leaves what comes later unheard.
 */
export class Stream<T> implements AsyncIterable<T> {
  private readonly waiting: T[] = [];
  private outcome: { readonly error?: unknown } | null = null;
  private wake: () => void = () => undefined;

  add(value: T): void {
    if (this.outcome) return;
    this.waiting.push(value);
    this.wake();
  }

  /** No more will come. */
  end(): void {
    this.settle({});
  }

  /** The reader is told once it has taken what came before. */
  fail(error: unknown): void {
    this.settle({ error });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const value = this.waiting.shift();
      if (value !== undefined) yield value;
      else if (this.outcome && "error" in this.outcome) throw this.outcome.error;
      else if (this.outcome) return;
      else await new Promise<void>((wake) => (this.wake = wake));
    }
  }

  private settle(outcome: { readonly error?: unknown }): void {
    this.outcome ??= outcome;
    this.wake();
  }
}
