import { clearShelf } from "../../workers/pack/kept-source.ts";
import { dismissNotice } from "../actions/notices.ts";
import { EMPTY_DOCUMENT } from "../document.ts";
import { studio } from "../studio.ts";
import { SessionKeeper } from "./keeper.ts";
import { restoreSession, resumeSession } from "./restore.ts";
import { openIndexedStorage, type SessionStorage } from "./storage.ts";
import { endedInTrial, onTrial } from "./trial.ts";

const LOCK = "foretrack-session";
/** A reloaded page may have to wait until its predecessor has let go. */
const LOCK_PATIENCE_MILLIS = 5000;
/** A restored session that the page survived for so long is not what ends it. */
const TRIAL_MILLIS = 4000;

let storage: SessionStorage | null = null;
let keeper: SessionKeeper | null = null;

/**
 * Brings the last session back and keeps this one from now on. One tab at a time: another one works
 * without. Never rejects: without storage the studio asks before the page closes, that is all.
 */
export async function startSession(): Promise<void> {
  try {
    if (!(await takeLock())) return;
    storage = await openIndexedStorage();
    const kept = await storage.load();
    if (endedInTrial()) {
      noticeHeldBack(kept.size > 0);
    } else if (kept.size > 0 && isUntouched()) {
      void onTrial(new Promise((resolve) => setTimeout(resolve, TRIAL_MILLIS)));
      if (restoreSession(kept)) resumeSession();
    }
    keeper = new SessionKeeper(storage, kept);
    keeper.start();
    addEventListener("pagehide", () => keeper?.flush());
    document.addEventListener("visibilitychange", () => keeper?.flush());
  } catch {
    studio().setKeeping("off");
  }
}

/** Forgets the session and loads the page anew. */
export async function startFresh(): Promise<void> {
  studio().markSaved();
  dismissNotice();
  await keeper?.stop();
  await storage?.clear().catch(() => undefined);
  await clearShelf(globalThis.caches, location.origin).catch(() => undefined);
  location.reload();
}

/** A slow storage may answer after the user has begun. */
function isUntouched(): boolean {
  const { history, phase } = studio();
  return phase === "idle" && history.present === EMPTY_DOCUMENT;
}

function takeLock(): Promise<boolean> {
  // Absent without https: then two tabs may overwrite each other's session.
  const { locks } = navigator;
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    locks
      .request(LOCK, { signal: AbortSignal.timeout(LOCK_PATIENCE_MILLIS) }, () => {
        resolve(true);
        // Held as long as the page lives.
        return new Promise<void>(() => undefined);
      })
      .catch(() => resolve(false));
  });
}

function noticeHeldBack(hasSession: boolean): void {
  if (!hasSession) return;
  studio().setRun({
    notice: {
      kind: "info",
      message: "The page closed unexpectedly while it opened your last session",
      remedy: "Reload the page to try it again. Opening a clip starts a new session instead.",
    },
  });
}
