import { readyModel } from "../store/actions/ready-model.ts";
import { type Studio, selectBusy } from "../store/studio.ts";
import { OPEN_INPUT_ID } from "./stage/intake.ts";

/** Whoever has a clip at hand opens it first: the two would share the processor. */
const SETTLE_MILLIS = 1000;

/**
 * Makes the model ready a second after the page is drawn, once it has nothing to do, at the latest when something is
 * dragged over it or a file is looked for. Not in a tab that nobody sees.
 */
export function readyWhenIdle(studio: Studio): void {
  const events = new AbortController();
  const { signal } = events;
  const start = () => {
    if (!signal.aborted) readyModel(studio);
    events.abort();
  };
  const startUnlessBusy = () => {
    // An open clip loads the model by itself.
    if (!selectBusy(studio.state)) start();
  };
  const whenSeen = () => {
    if (document.readyState !== "complete" || document.visibilityState === "hidden") return;
    setTimeout(() => {
      if ("requestIdleCallback" in globalThis) requestIdleCallback(startUnlessBusy);
      else startUnlessBusy();
    }, SETTLE_MILLIS);
  };
  const isChooser = (target: EventTarget | null) =>
    target instanceof Element && target.id === OPEN_INPUT_ID;
  addEventListener("dragenter", start, { signal });
  addEventListener("click", ({ target }) => isChooser(target) && start(), { signal });
  addEventListener("load", whenSeen, { signal });
  document.addEventListener("visibilitychange", whenSeen, { signal });
  whenSeen();
}
