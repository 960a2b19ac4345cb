import { readyModel } from "../store/actions/ready-model.ts";
import type { Studio } from "../store/studio.ts";
import { OPEN_INPUT_ID } from "./stage/intake.ts";

/** Where the browser does not tell when the page is idle. */
const SETTLE_MILLIS = 1000;

/**
 * Makes the model ready once the page is drawn and has nothing to do, at the latest when something is
 * dragged over it or a file is looked for. Not in a tab that nobody sees.
 */
export function readyWhenIdle(studio: Studio): void {
  const events = new AbortController();
  const { signal } = events;
  const start = () => {
    if (!signal.aborted) readyModel(studio);
    events.abort();
  };
  const whenSeen = () => {
    if (document.readyState !== "complete" || document.visibilityState === "hidden") return;
    if ("requestIdleCallback" in globalThis) requestIdleCallback(start);
    else setTimeout(start, SETTLE_MILLIS);
  };
  const isChooser = (target: EventTarget | null) =>
    target instanceof Element && target.id === OPEN_INPUT_ID;
  addEventListener("dragenter", start, { signal });
  addEventListener("click", ({ target }) => isChooser(target) && start(), { signal });
  addEventListener("load", whenSeen, { signal });
  document.addEventListener("visibilitychange", whenSeen, { signal });
  whenSeen();
}
