/** The browser's locks, as far as threads need them: one holder each, the others wait in order. */
export class FakeLocks {
  private readonly queues = new Map<string, (() => unknown)[]>();

  request = ((name: string, granted: () => unknown) => {
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    queue.push(granted);
    if (queue.length === 1) granted();
    return new Promise(() => undefined);
  }) as LockManager["request"];

  /** What the browser does when the holders have gone. */
  releaseAll(): void {
    for (const queue of this.queues.values()) {
      queue.shift();
      queue[0]?.();
    }
  }
}
