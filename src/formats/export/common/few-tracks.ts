import type { PreparedTracks } from "./prepared.ts";

/**
 * Columns of the `limit` tracks that travel farthest while they are seen, in the order of the file:
 * for readers of a few tracks. Ties keep the earlier one.
 */
export function farthestTravelled(prepared: PreparedTracks, limit: number): number[] {
  const { tracks, shownTN } = prepared;
  const { pointCount, frameCount, tracksTN2 } = tracks;
  const travelled = new Float64Array(pointCount);
  for (let t = 1; t < frameCount; t++) {
    for (let n = 0; n < pointCount; n++) {
      const to = t * pointCount + n;
      const from = to - pointCount;
      if (!shownTN[from] || !shownTN[to]) continue;
      travelled[n] += Math.hypot(
        tracksTN2[2 * to] - tracksTN2[2 * from],
        tracksTN2[2 * to + 1] - tracksTN2[2 * from + 1],
      );
    }
  }
  const columns = Array.from({ length: pointCount }, (_, n) => n);
  columns.sort((a, b) => travelled[b] - travelled[a] || a - b);
  return columns.slice(0, limit).sort((a, b) => a - b);
}

/** Where a reader takes fewer tracks than were chosen. */
export function fewNotices(prepared: PreparedTracks, limit: number, reader: string): string[] {
  const { length } = prepared.pointIds;
  if (length <= limit) return [];
  return [
    `${reader} takes ${limit} tracks: of the ${length}, the ${limit} that travel farthest are written. Select points on the stage to choose them yourself.`,
  ];
}
