import type { ExportFormat, ExportJob } from "./common/format.ts";
import { firstFrameOption, keyedPoints, runsOf, unseenNotices } from "./common/keys.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";

/** What SynthEyes notes of a frame: 1 runs, 2 is enabled, 4 has a position, 8 a key, 16 after a jump. */
const STARTS = 30;
const STARTS_AGAIN = 15;
const GOES_ON = 7;

/**
 * SynthEyes' tracker 2-D paths: `name frame u v outcome` a line, where u and v reach from −1 at the
 * left and top edge of the picture to 1, and frames count from 0. Frames without a line are those in
 * which the point is not seen.
 */
export const synthEyes: ExportFormat = {
  name: "syntheyes",
  label: "SynthEyes tracks",
  description: "Tracker 2-D paths for SynthEyes, and whatever reads its text.",
  group: "For compositing and matchmoving",
  extension: ".txt",
  mediaType: "text/plain",
  futures: "each",
  defaults: { segment: "future" },
  options: [SEGMENT, MOTION, SIZE, FPS, FRAMES, firstFrameOption("0")],
  notices: ({ prepared }) => unseenNotices(prepared),
  write: (job) => ({ main: writeSynthEyes(job) }),
};

function writeSynthEyes({ prepared, choice }: ExportJob): string {
  const first = Number(choice("first-frame"));
  const { width, height } = prepared.size;
  const lines = keyedPoints(prepared).flatMap((point) =>
    runsOf(point).flatMap((run, r) =>
      run.map(({ frame, x, y }, k) => {
        const outcome = k > 0 ? GOES_ON : r > 0 ? STARTS_AGAIN : STARTS;
        const u = ((2 * x) / width - 1).toFixed(7);
        const v = ((2 * y) / height - 1).toFixed(7);
        return `point_${point.id} ${first + frame} ${u} ${v} ${outcome}`;
      }),
    ),
  );
  return `${lines.join("\n")}\n`;
}
