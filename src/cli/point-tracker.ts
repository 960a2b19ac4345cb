import { loadKernel } from "../engine/tracking/kernel/build.ts";
import { createPointTracker } from "../engine/tracking/track.ts";

/** The studio's tracker, in Node. */
export const pointTracker = createPointTracker(loadKernel);
