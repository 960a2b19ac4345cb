import type { ExportFormat } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { round } from "./common/time.ts";

const COLUMNS = ["layer", "future", "frame", "secs_from_now", "point", "x", "y", "visible"];

/**
 * One row a point and frame, ordered by future, frame, point.
 * `future` counts from 1 and is empty where the layer has none; `frame` counts from 0; `x`, `y` are
 * pixels with three decimals, 0 = centre of the first pixel; `visible` is 1 or 0.
 */
export const csv: ExportFormat = {
  name: "csv",
  label: "CSV",
  description: "One row a point and frame, for spreadsheets, pandas and R.",
  group: "Data",
  extension: ".csv",
  mediaType: "text/csv",
  futures: "together",
  defaults: { segment: "future" },
  options: [SEGMENT, MOTION, SIZE, FPS, FRAMES],
  write: ({ all }) => ({ main: `${[COLUMNS.join(","), ...all.flatMap(rows)].join("\n")}\n` }),
};

function rows({ segment, futureIndex, tracks, pointIds, nowFrame, fps }: PreparedTracks): string[] {
  const lines: string[] = [];
  const future = futureIndex === null ? "" : futureIndex + 1;
  for (let t = 0; t < tracks.frameCount; t++) {
    const secs = round((t - nowFrame) / fps, 6);
    for (let n = 0; n < tracks.pointCount; n++) {
      const i = t * tracks.pointCount + n;
      const x = round(tracks.tracksTN2[2 * i], 3);
      const y = round(tracks.tracksTN2[2 * i + 1], 3);
      const visible = tracks.visibilityTN[i];
      lines.push(`${segment},${future},${t},${secs},${pointIds[n]},${x},${y},${visible}`);
    }
  }
  return lines;
}
