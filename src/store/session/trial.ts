/** Set while what was restored has not proved that the page survives it. */
const TRIAL = "foretrack-session-trial";
let trials = 0;

/** Whether the last visit ended in a trial: what it restored may be what ended it. Clears the mark. */
export function endedInTrial(): boolean {
  const ended = localStorage.getItem(TRIAL) !== null;
  localStorage.removeItem(TRIAL);
  return ended;
}

/** `work`, during which the end of the page counts as its fault, but for a reload or a closed tab. */
export async function onTrial<T>(work: Promise<T>): Promise<T> {
  const storage = globalThis.localStorage as Storage | undefined;
  const end = () => storage?.removeItem(TRIAL);
  trials++;
  storage?.setItem(TRIAL, "1");
  globalThis.addEventListener?.("pagehide", end, { once: true });
  try {
    return await work;
  } finally {
    if (--trials === 0) end();
  }
}
