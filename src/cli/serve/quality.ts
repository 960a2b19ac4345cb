import type { Forecast } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { minAde } from "../../engine/metrics/displacement.ts";

/**
 * Figures to sort a data set by; null where nothing is known.
 * - `visible_past`, `visible_after`: share of the observed positions that are visible;
 * - `motion_past_px`, `motion_after_px`: mean step of visible points from frame to frame;
 * - `spread_px`: root mean square distance of the futures' last positions from their mean;
 * - `min_ade_px`: joint minADE of the futures against what followed.
 */
export function qualityOf({
  history,
  truth,
  futures,
}: Pick<Forecast, "history" | "truth" | "futures">): Readonly<Record<string, number | null>> {
  return {
    visible_past: finite(visibleShare(history)),
    visible_after: truth ? finite(visibleShare(truth)) : null,
    motion_past_px: finite(meanStep(history)),
    motion_after_px: truth ? finite(meanStep(truth)) : null,
    spread_px: futures.length > 1 ? finite(spread(futures.map(({ tracks }) => tracks))) : null,
    min_ade_px:
      truth && futures.length > 0
        ? finite(
            minAde(
              futures.map(({ tracks }) => tracks),
              truth,
            ),
          )
        : null,
  };
}

function visibleShare({ visibilityTN }: Tracks): number {
  return visibilityTN.reduce((sum, seen) => sum + seen, 0) / visibilityTN.length;
}

function meanStep({ pointCount, frameCount, tracksTN2, visibilityTN }: Tracks): number {
  let sum = 0;
  let count = 0;
  for (let i = pointCount; i < frameCount * pointCount; i++) {
    const before = i - pointCount;
    if (!visibilityTN[i] || !visibilityTN[before]) continue;
    sum += Math.hypot(
      tracksTN2[2 * i] - tracksTN2[2 * before],
      tracksTN2[2 * i + 1] - tracksTN2[2 * before + 1],
    );
    count++;
  }
  return sum / count;
}

function spread(futures: readonly Tracks[]): number {
  const { pointCount } = futures[0];
  const last = futures.map(({ tracksTN2 }) => tracksTN2.subarray(-2 * pointCount));
  let sum = 0;
  for (let i = 0; i < 2 * pointCount; i++) {
    const mean = last.reduce((total, values) => total + values[i], 0) / last.length;
    sum += last.reduce((total, values) => total + (values[i] - mean) ** 2, 0) / last.length;
  }
  return Math.sqrt(sum / pointCount);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
