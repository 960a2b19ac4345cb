/**
 * A thread can end without any event: the browser takes its memory back, or it closes itself. So
 * each thread holds a lock for as long as it lives and the client queues behind it: the browser
 * hands the lock over when the thread has gone, however busy the thread was. Where there are no
 * locks (pages without https) such an end is not noticed.
 */
export type Locks = Pick<LockManager, "request">;

export function platformLocks(): Locks | null {
  return globalThis.navigator?.locks ?? null;
}

/** In the thread: takes its lock and tells its name, or null where there is none to be had. */
export function holdLivenessLock(tell: (lock: string | null) => void, locks: Locks | null): void {
  if (!locks) {
    tell(null);
    return;
  }
  const lock = `foretrack-worker-${crypto.randomUUID()}`;
  const held = locks.request(lock, () => {
    tell(lock);
    return new Promise<never>(() => undefined);
  });
  // Refused in some private windows: the thread works without.
  held.catch(() => tell(null));
}

/** In the client: calls `onEnd` when the thread that holds `lock` has gone. */
export function awaitThreadEnd(lock: string, onEnd: () => void, locks: Locks | null): void {
  locks?.request(lock, () => onEnd()).catch(() => undefined);
}
