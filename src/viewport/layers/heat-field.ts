import { GRID_COLUMNS, GRID_ROWS, POINT_COUNT } from "../../domain/grid.ts";
import type { Tracks } from "../../domain/tracks.ts";

/** Distances per frame after "now" and grid point: frame 0 is "now" itself, all zero. */
export interface HeatField {
  readonly frameCount: number;
  /** [T,N] px. */
  readonly distanceTN: Float32Array;
  /** 98th percentile of the last third, px: the upper end of the colours. */
  readonly scalePx: number;
}

/** Mean distance of the futures from their mean position. null with fewer than two futures. */
export function spreadField(futures: readonly Tracks[]): HeatField | null {
  if (futures.length < 2) return null;
  return field(futures, null);
}

/** Mean distance of the futures from what really happened. null without futures. */
export function differenceField(futures: readonly Tracks[], truth: Tracks): HeatField | null {
  if (futures.length === 0) return null;
  return field(futures, truth);
}

function field(futures: readonly Tracks[], truth: Tracks | null): HeatField {
  const pointCount = futures[0].pointCount;
  const frames = Math.min(...[...futures, ...(truth ? [truth] : [])].map((f) => f.frameCount));
  const distanceTN = new Float32Array((frames + 1) * pointCount);
  for (let i = 0; i < frames * pointCount; i++) {
    let x = 0;
    let y = 0;
    if (truth) {
      x = truth.tracksTN2[2 * i];
      y = truth.tracksTN2[2 * i + 1];
    } else {
      for (const { tracksTN2 } of futures) {
        x += tracksTN2[2 * i] / futures.length;
        y += tracksTN2[2 * i + 1] / futures.length;
      }
    }
    let sum = 0;
    for (const { tracksTN2 } of futures) {
      sum += Math.hypot(tracksTN2[2 * i] - x, tracksTN2[2 * i + 1] - y);
    }
    distanceTN[pointCount + i] = sum / futures.length;
  }
  const late = distanceTN.slice(Math.floor((2 * frames) / 3) * pointCount).sort();
  const scalePx = Math.max(1, late[Math.floor(late.length * 0.98)] ?? 1);
  return { frameCount: frames + 1, distanceTN, scalePx };
}

/** Shares of `scalePx` as bytes in [T, rows, columns]; null where the points are not the grid. */
export function heatBytes(heat: HeatField): Uint8Array | null {
  if (heat.distanceTN.length !== heat.frameCount * POINT_COUNT) return null;
  return Uint8Array.from(heat.distanceTN, (distance) =>
    Math.min(255, Math.round((255 * distance) / heat.scalePx)),
  );
}

export const HEAT_SIZE = { width: GRID_COLUMNS, height: GRID_ROWS } as const;
