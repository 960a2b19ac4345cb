import type { Progress } from "../../domain/job.ts";
import { SHIPPED_MODEL } from "../document.ts";
import { type Studio, selectModelKey } from "../studio.ts";
import { isModelOpen, loadModel } from "./warm.ts";

/**
 * Loads, compiles and tests the model that ships while the user still looks for a clip; once a visit, and
 * not where another model is chosen. In silence: a failure shows when a forecast is asked for. Ends as
 * soon as another model is chosen, unless a forecast waits for it.
 */
export function readyModel(studio: Studio): void {
  const { ahead, state } = studio;
  if (ahead.model || isModelOpen(studio) || !isShippedChosen(studio)) return;
  const controller = new AbortController();
  ahead.model = controller;
  const onProgress = ({ stage, done, total }: Progress) => {
    const isFetching = stage === "pack" && done < total;
    const readying = { doneBytes: isFetching ? done : 0, totalBytes: isFetching ? total : 0 };
    studio.state.setRun({ readying });
  };
  const unwatch = studio.store.subscribe(() => {
    if (!isShippedChosen(studio)) controller.abort();
  });
  state.setRun({ readying: { doneBytes: 0, totalBytes: 0 } });
  loadModel(studio, { signal: controller.signal, onProgress, isAhead: true })
    .catch(() => undefined)
    .finally(() => {
      unwatch();
      studio.state.setRun({ readying: null });
    });
}

function isShippedChosen({ state }: Studio): boolean {
  return selectModelKey(state) === SHIPPED_MODEL;
}
