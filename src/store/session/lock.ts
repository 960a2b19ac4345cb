const LOCK = "foretrack-session";
/** In the tab that has the session, over its reloads. */
const MARK = "foretrack-session-is-here";
/** When the page that had the session went away, as milliseconds since 1970. */
const LEFT = "foretrack-session-left";
/** A reloaded page may have to wait until its predecessor has let go. */
const PATIENCE_MILLIS = 5000;
/** So long a page that went away may be the one that is being loaded again. */
const RELOAD_MILLIS = 1500;
/** What the page that has the session answers while it stays. */
const HERE = "here";

/** What tells the tabs of one browser apart: locks and storage of all of them, storage of this one. */
export interface Tabs {
  /** Absent without https: then two tabs may overwrite each other's session. */
  readonly locks: LockManager | undefined;
  /** Between all of them; a page does not hear itself. */
  readonly channel: Pick<BroadcastChannel, "postMessage" | "addEventListener">;
  readonly shared: Storage;
  readonly own: Storage;
}

/**
 * Whether this page has the session, for as long as it lives. A tab that opens while another has it
 * does not wait for it: a reload of that one would hand it over. A duplicated tab brings the mark of
 * the first, which answers that it is still there.
 */
export async function takeLock({ locks, channel, shared, own }: Tabs): Promise<boolean> {
  if (!locks) return true;
  const isBack = own.getItem(MARK) !== null;
  if (!isBack) await othersReload(shared);
  const options = isBack
    ? { signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MILLIS), isElsewhere(channel)]) }
    : { ifAvailable: true as const };
  return new Promise((resolve) => {
    locks
      .request(LOCK, options, (lock) => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        own.setItem(MARK, "1");
        globalThis.addEventListener?.("pagehide", () => shared.setItem(LEFT, String(Date.now())));
        answerWhileHere(channel);
        // Held as long as the page lives.
        return new Promise<void>(() => undefined);
      })
      .catch(() => {
        own.removeItem(MARK);
        resolve(false);
      });
  });
}

/** Aborted when the page that has the session says that it stays. */
function isElsewhere(channel: Tabs["channel"]): AbortSignal {
  const elsewhere = new AbortController();
  channel.addEventListener("message", ({ data }) => {
    if (data === HERE) elsewhere.abort();
  });
  channel.postMessage("who has the session?");
  return elsewhere.signal;
}

/** A page that has begun to go says nothing: its successor may ask before it has gone. */
function answerWhileHere(channel: Tabs["channel"]): void {
  // The user may still stay; then it answers again.
  let begunAtMillis = Number.NEGATIVE_INFINITY;
  globalThis.addEventListener?.("beforeunload", () => {
    begunAtMillis = Date.now();
  });
  channel.addEventListener("message", ({ data }) => {
    const stays = Date.now() - begunAtMillis > PATIENCE_MILLIS;
    if (data !== HERE && stays) channel.postMessage(HERE);
  });
}

/** Leaves a tab that is being reloaded the time to take its session again. */
async function othersReload(shared: Storage): Promise<void> {
  const since = Date.now() - Number(shared.getItem(LEFT));
  if (since < 0 || since >= RELOAD_MILLIS) return;
  await new Promise((resolve) => setTimeout(resolve, RELOAD_MILLIS - since));
}
