import type { Studio } from "../studio.ts";

/**
 * Ends the forecast that runs and the tracking of what followed it, with all that is said of them: what
 * they were of gives way to something else.
 */
export function endRun(studio: Studio): void {
  studio.jobs.cancel("run");
  studio.jobs.cancel("truth");
  studio.state.setRun({ pending: {}, truthProgress: null });
}
