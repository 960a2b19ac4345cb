import { dismissNotice } from "../actions/notices.ts";
import { EMPTY_DOCUMENT } from "../document.ts";
import type { Studio } from "../studio.ts";
import { SessionKeeper } from "./keeper.ts";
import { takeLock } from "./lock.ts";
import { restoreSession, resumeSession } from "./restore.ts";
import { openIndexedStorage } from "./storage.ts";
import { endedInTrial } from "./trial.ts";

/** A restored session that the page survived for so long is not what ends it. */
const TRIAL_MILLIS = 4000;

/**
 * Brings the last session back and keeps this one from now on. One tab at a time: another one works
 * without. Never rejects: without storage the studio asks before the page closes, that is all.
 */
export async function startSession(studio: Studio): Promise<void> {
  try {
    const tabs = {
      locks: navigator.locks,
      channel: new BroadcastChannel("foretrack-session"),
      shared: localStorage,
      own: sessionStorage,
    };
    if (!(await takeLock(tabs))) return;
    const storage = await openIndexedStorage();
    const forget = () => storage.clear().catch(() => undefined);
    // A session that cannot be restored can still be forgotten.
    studio.session.running = { forget };
    const kept = await storage.load();
    if (endedInTrial()) {
      noticeHeldBack(studio, kept.size > 0);
    } else if (kept.size > 0 && isUntouched(studio)) {
      void studio.trial.during(new Promise((resolve) => setTimeout(resolve, TRIAL_MILLIS)));
      if (restoreSession(studio, kept)) resumeSession(studio);
    }
    const keeper = new SessionKeeper(studio, storage, kept);
    keeper.start();
    studio.session.running = { forget: () => keeper.stop().then(forget) };
    addEventListener("pagehide", () => keeper.flush());
    document.addEventListener("visibilitychange", () => keeper.flush());
  } catch {
    studio.state.setKeeping("off");
  }
}

/** Forgets the session and loads the page anew. */
export async function startFresh(studio: Studio): Promise<void> {
  studio.state.markSaved();
  dismissNotice(studio);
  await studio.session.running?.forget();
  await studio.ports.forgetKeptPacks().catch(() => undefined);
  location.reload();
}

/** A slow storage may answer after the user has begun. */
function isUntouched(studio: Studio): boolean {
  const { history, phase } = studio.state;
  return phase === "idle" && history.present === EMPTY_DOCUMENT;
}

function noticeHeldBack(studio: Studio, hasSession: boolean): void {
  if (!hasSession) return;
  studio.state.setRun({
    notice: {
      kind: "info",
      message: "The page closed unexpectedly while it opened your last session",
      remedy: "Reload the page to try it again. Opening a clip starts a new session instead.",
    },
  });
}
