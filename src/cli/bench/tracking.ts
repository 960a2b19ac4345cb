import { fileURLToPath } from "node:url";
import type { GrayFrame } from "../../domain/clip.ts";
import { gridQueryXyN2, HISTORY_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { loadTrackingKernel } from "../../engine/kernels/build.ts";
import { createChainedLkTracker } from "../../engine/tracking/chained-lk.ts";
import { createNodeDecoder } from "../node-decode/decoder.ts";
import { pointTracker } from "../point-tracker.ts";
import { compareCosts, type Section } from "./measure.ts";
import { chainWithOpenCv, loadOpenCv, OPENCV } from "./opencv.ts";

const SAMPLE = fileURLToPath(new URL("../../../public/samples/crossing.mp4", import.meta.url));
const REPEATS = 3;

/** The grid through 81 frames of a sample, beside plain chained Lucas-Kanade, ours and OpenCV's, on the same frames. */
export const benchTracking: Section = async (report, skip) => {
  const clip = await createNodeDecoder().open(SAMPLE, { rate: "native", fit: "cover" });
  const frames: GrayFrame[] = [];
  const size = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
  await clip.read(0, HISTORY_FRAMES, size, { onLuma: (luma) => frames.push(luma) });
  await clip.close();
  const request = { frames: frames.reverse(), queryXyN2: gridQueryXyN2() };
  const what = `390 points through ${HISTORY_FRAMES} frames of 832×480`;
  const own = () => pointTracker.track(request);
  const cv = await loadOpenCv();
  if (!cv) skip(`no OpenCV beside it: npm install --no-save ${OPENCV}`);
  const references: Record<string, () => Promise<unknown>> = {
    "plain chained LK": () => createChainedLkTracker(loadTrackingKernel).track(request),
    ...(cv && { "OpenCV’s LK in WebAssembly": () => chainWithOpenCv(cv, request) }),
  };
  // The engine compiles hot WebAssembly again while it runs: what is measured is warm.
  for (const work of [own, ...Object.values(references)]) await work();
  const works: Record<string, () => Promise<unknown>> = { own, ...references };
  const costs = await compareCosts(works, REPEATS);
  for (const name of Object.keys(references)) {
    report({
      what,
      value: costs.own.cpuMillis,
      unit: "cpu ms",
      reference: { what: name, value: costs[name].cpuMillis },
    });
  }
};
