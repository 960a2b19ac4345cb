/** Set while what was restored has not proved that the page survives it. */
const MARK = "foretrack-session-trial";

/** Whether the last visit ended in a trial: what it restored may be what ended it. Clears the mark. */
export function endedInTrial(): boolean {
  const ended = localStorage.getItem(MARK) !== null;
  localStorage.removeItem(MARK);
  return ended;
}

/** Work that may end the page. */
export class Trial {
  #running = 0;

  /** `work`, during which the end of the page counts as its fault, but for a reload or a closed tab. */
  async during<T>(work: Promise<T>): Promise<T> {
    const storage = globalThis.localStorage as Storage | undefined;
    const end = () => storage?.removeItem(MARK);
    this.#running++;
    storage?.setItem(MARK, "1");
    globalThis.addEventListener?.("pagehide", end, { once: true });
    try {
      return await work;
    } finally {
      if (--this.#running === 0) end();
    }
  }
}
