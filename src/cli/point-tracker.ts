import { loadTrackingKernel } from "../engine/kernels/build.ts";
import { createPointTracker } from "../engine/tracking/track.ts";

/** The studio's tracker, in Node. */
export const pointTracker = createPointTracker(loadTrackingKernel);
