import type { PreparedTracks } from "./common/prepare.ts";
import { round } from "./common/time.ts";

export const CSV_COLUMNS = [
  "layer",
  "future",
  "frame",
  "secs_from_now",
  "point",
  "x",
  "y",
  "visible",
] as const;

/**
 * `csv`: one row a point and frame, ordered by future, frame, point.
 * `future` counts from 1 and is empty where the layer has none; `frame` counts from 0; `x`, `y` are
 * pixels with three decimals, 0 = centre of the first pixel; `visible` is 1 or 0.
 */
export function writeCsv(futures: readonly PreparedTracks[]): string {
  const lines: string[] = [CSV_COLUMNS.join(",")];
  for (const { layer, futureIndex, tracks, pointIds, nowFrame, fps } of futures) {
    const future = futureIndex === null ? "" : futureIndex + 1;
    for (let t = 0; t < tracks.frameCount; t++) {
      const secs = round((t - nowFrame) / fps, 6);
      for (let n = 0; n < tracks.pointCount; n++) {
        const i = t * tracks.pointCount + n;
        const x = round(tracks.tracksTN2[2 * i], 3);
        const y = round(tracks.tracksTN2[2 * i + 1], 3);
        const visible = tracks.visibilityTN[i];
        lines.push(`${layer},${future},${t},${secs},${pointIds[n]},${x},${y},${visible}`);
      }
    }
  }
  return `${lines.join("\n")}\n`;
}
