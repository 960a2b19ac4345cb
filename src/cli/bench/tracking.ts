import { fileURLToPath } from "node:url";
import type { GrayFrame } from "../../domain/clip.ts";
import { gridQueryXyN2, HISTORY_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { loadTrackingKernel } from "../../engine/kernels/build.ts";
import { createChainedLkTracker } from "../../engine/tracking/chained-lk.ts";
import { createNodeDecoder } from "../node-decode/decoder.ts";
import { pointTracker } from "../point-tracker.ts";
import { compareCosts, type Section } from "./measure.ts";

const SAMPLE = fileURLToPath(new URL("../../../public/samples/crossing.mp4", import.meta.url));
const REPEATS = 3;

/** The grid through 81 frames of a sample, beside plain chained Lucas-Kanade on the same frames. */
export const benchTracking: Section = async (report) => {
  const clip = await createNodeDecoder().open(SAMPLE, { rate: "native", fit: "cover" });
  const frames: GrayFrame[] = [];
  const size = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
  await clip.read(0, HISTORY_FRAMES, size, { onLuma: (luma) => frames.push(luma) });
  await clip.close();
  const request = { frames: frames.reverse(), queryXyN2: gridQueryXyN2() };
  const costs = await compareCosts(
    {
      own: () => pointTracker.track(request),
      reference: () => createChainedLkTracker(loadTrackingKernel).track(request),
    },
    REPEATS,
  );
  report({
    what: `390 points through ${HISTORY_FRAMES} frames of 832×480`,
    value: costs.own.cpuMillis,
    unit: "cpu ms",
    reference: { what: "plain chained LK", value: costs.reference.cpuMillis },
  });
};
