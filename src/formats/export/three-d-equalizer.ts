import type { ExportFormat, ExportJob } from "./common/format.ts";
import { firstFrameOption, keyedPoints, unseenNotices } from "./common/keys.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";

/**
 * 3DEqualizer4's 2D tracks: the number of points, then a name, a colour, the number of keys, and
 * `frame x y` a key.
 * Positions are pixels from the left and bottom edge of the picture, frames from 1. Frames without a
 * key are those in which the point is not seen.
 */
export const threeDEqualizer: ExportFormat = {
  name: "3dequalizer",
  label: "3DEqualizer tracks",
  description: "2D tracks for 3DEqualizer4, and whatever reads its text.",
  group: "For compositing and matchmoving",
  extension: ".txt",
  mediaType: "text/plain",
  futures: "each",
  defaults: { segment: "future" },
  options: [SEGMENT, MOTION, SIZE, FPS, FRAMES, firstFrameOption("1")],
  notices: ({ prepared }) => unseenNotices(prepared),
  write: (job) => ({ main: write3de(job) }),
};

function write3de({ prepared, choice }: ExportJob): string {
  const first = Number(choice("first-frame"));
  const { height } = prepared.size;
  const points = keyedPoints(prepared);
  const blocks = points.flatMap(({ id, keys }) => [
    `point_${id}`,
    "0",
    String(keys.length),
    ...keys.map(({ frame, x, y }) => {
      return `${first + frame} ${x.toFixed(6)} ${(height - y).toFixed(6)}`;
    }),
  ]);
  return `${[String(points.length), ...blocks].join("\n")}\n`;
}
