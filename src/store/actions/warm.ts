import type { Job } from "../../domain/job.ts";
import type { Forecaster } from "../../domain/ports.ts";
import { runtimes } from "../runtimes.ts";
import { selectBusy, selectClip, selectDocument, studio } from "../studio.ts";
import { foresee, forgetForeseen } from "./past.ts";

/** Long enough that a drag of "now" starts nothing on its way. */
const QUIET_MILLIS = 500;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Once the user pauses, loads the model and tracks the past, so that Forecast answers sooner. */
export function warmUp(): void {
  forgetForeseen();
  clearTimeout(timer);
  timer = setTimeout(() => {
    const state = studio();
    const clip = selectClip(state);
    if (!clip || selectBusy(state)) return;
    const { nowIndex, imported } = selectDocument(state);
    if (!imported) foresee(clip, nowIndex);
    // A failure shows when the user asks for a forecast.
    loadModel().catch(() => undefined);
  }, QUIET_MILLIS);
}

/** The model behind its port; what it is and what runs it goes to the store. */
export async function loadModel(job?: Job): Promise<Forecaster> {
  const model = await runtimes().forecaster(job);
  const { id, name, licence, files, defaultSampler } = model.manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  studio().setRun({
    backend: model.backend,
    pack: { id, name, licence, bytes, steps: defaultSampler.steps },
  });
  return model;
}
