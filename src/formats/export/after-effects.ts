import type { ExportFormat, ExportJob } from "./common/format.ts";
import { keyedPoints, unseenNotices } from "./common/keys.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { round } from "./common/time.ts";

/**
 * After Effects' keyframe text: copy the file's text, select a layer of the composition's size, paste.
 * Each point becomes a Point Control of its own, keyed where the point is seen; After Effects moves it
 * evenly through what is hidden.
 * Positions are pixels from the left and top edge of the picture, frames from 0, columns set off by tabs.
 */
export const afterEffects: ExportFormat = {
  name: "after-effects",
  label: "After Effects keyframes",
  description: "Keyframe text to paste onto a layer: one Point Control a point.",
  group: "For compositing and matchmoving",
  extension: ".txt",
  mediaType: "text/plain",
  futures: "each",
  defaults: { segment: "future" },
  options: [SEGMENT, MOTION, SIZE, FPS, FRAMES],
  notices: ({ prepared }) => unseenNotices(prepared),
  write: (job) => ({ main: writeAfterEffects(job) }),
};

/** Lines of keyframe text that stand before the properties, and after them. */
export function keyframeText(
  { prepared }: Pick<ExportJob, "prepared">,
  properties: readonly string[],
): string {
  const { size, fps } = prepared;
  const head = [
    "Adobe After Effects 8.0 Keyframe Data",
    "",
    `\tUnits Per Second\t${round(fps, 6)}`,
    `\tSource Width\t${size.width}`,
    `\tSource Height\t${size.height}`,
    "\tSource Pixel Aspect Ratio\t1",
    "\tComp Pixel Aspect Ratio\t1",
    "",
  ];
  return `${[...head, ...properties, "", "End of Keyframe Data"].join("\r\n")}\r\n`;
}

function writeAfterEffects(job: ExportJob): string {
  const blocks = keyedPoints(job.prepared).map(({ keys }, k) => {
    const rows = keys.map(({ frame, x, y }) => `\t${frame}\t${round(x, 4)}\t${round(y, 4)}\t`);
    const property = `Effects\tPoint Control #${k + 1}\tPoint #2`;
    return [property, "\tFrame\tX pixels\tY pixels\t", ...rows, ""].join("\r\n");
  });
  return keyframeText(job, blocks);
}
