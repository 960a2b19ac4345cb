/**
 * A thread can end without a word: the browser takes its memory back, or it closes itself. The page
 * gets no event then and would wait for ever. So each worker holds a lock for as long as it lives,
 * and the page queues behind it: the browser hands the lock over when the thread has gone, however
 * busy the thread was. Where there are no locks (pages without https) nothing is noticed.
 */

/** The worker's first message: the name of the lock that it holds, null where it got none. */
interface Lifeline {
  readonly kind: "lifeline";
  readonly lock: string | null;
}

type Locks = Pick<LockManager, "request">;

/** A thread that has not said its first word by then never came up. */
const START_PATIENCE_MILLIS = 60_000;

/** In a worker, before anything else: holds its lifeline and tells the page. */
export function holdLifeline(
  tell: (first: Lifeline) => void = (first) => self.postMessage(first),
  locks: Locks | null | undefined = navigator.locks,
): void {
  if (!locks) return;
  const lock = `foretrack-worker-${crypto.randomUUID()}`;
  const held = locks.request(lock, () => {
    tell({ kind: "lifeline", lock });
    return new Promise<never>(() => undefined);
  });
  // Refused in some private windows: the thread works without.
  held.catch(() => tell({ kind: "lifeline", lock: null }));
}

/**
 * The same worker, which fires `error` also when it ends silently. Listeners that were added before
 * would see the lifeline; one that was terminated by the page fires too.
 */
export function withLifeline<W extends EventTarget>(
  worker: W,
  locks: Locks | null | undefined = navigator.locks,
): W {
  if (!locks) return worker;
  const lose = (message: string) =>
    worker.dispatchEvent(Object.assign(new Event("error"), { message }));
  const late = setTimeout(() => lose("its thread did not start"), START_PATIENCE_MILLIS);
  worker.addEventListener("message", (event) => {
    clearTimeout(late);
    const { data } = event as MessageEvent<Lifeline | { kind?: undefined }>;
    if (data?.kind !== "lifeline") return;
    event.stopImmediatePropagation();
    if (data.lock === null) return;
    locks.request(data.lock, () => void lose("its thread ended")).catch(() => undefined);
  });
  worker.addEventListener("error", () => clearTimeout(late));
  return worker;
}
