import { seenBy } from "../../domain/constraints.ts";
import type { Edit } from "../../domain/edits.ts";
import type { CameraPathT6 } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { compileEdits } from "./compile.ts";

export interface Adherence {
  /**
   * By the edit's id, px: mean distance of the future's points from where the edit wants them exactly,
   * 0 where it is followed. Lacks edits that are off, ask nothing exact, or that later ones overrule.
   */
  readonly missPx: ReadonlyMap<string, number>;
  /** Mean distance of all points without an edit from the free future, px; null where that is unknown. */
  readonly movedPx: number | null;
}

/**
 * How well a future follows edits, and what that cost the rest. `shown` and `free`: [T,N,2] videoPx
 * from the frame after "now", with and without the edits; `camera`: of the shown one. `history` ends at "now".
 */
export function adherenceOf(
  edits: readonly Edit[],
  history: Tracks,
  shown: Tracks,
  free: Tracks | null,
  camera?: CameraPathT6,
): Adherence {
  const { frameCount, pointCount } = shown;
  const ownerTN = new Int16Array(frameCount * pointCount);
  const constraints = compileEdits(edits, history, frameCount, ownerTN);
  if (!constraints) return { missPx: new Map(), movedPx: null };
  const { positionsTN2, weightTN } = seenBy(constraints, camera);
  const sums = edits.map(() => ({ px: 0, count: 0 }));
  const isHeld = new Uint8Array(pointCount);
  for (let i = 0; i < weightTN.length; i++) {
    if (weightTN[i] > 0) isHeld[i % pointCount] = 1;
    if (weightTN[i] < 1) continue;
    const sum = sums[ownerTN[i]];
    sum.px += distance(shown.tracksTN2, positionsTN2, i);
    sum.count++;
  }
  const missPx = new Map(
    sums.flatMap(({ px, count }, e) => (count > 0 ? [[edits[e].id, px / count]] : [])),
  );
  return { missPx, movedPx: free && movedPx(shown, free, isHeld) };
}

function movedPx(shown: Tracks, free: Tracks, isHeld: Uint8Array): number | null {
  let [px, count] = [0, 0];
  for (let i = 0; i < shown.frameCount * shown.pointCount; i++) {
    if (isHeld[i % shown.pointCount]) continue;
    px += distance(shown.tracksTN2, free.tracksTN2, i);
    count++;
  }
  return count > 0 ? px / count : null;
}

function distance(a: Float32Array, b: Float32Array, i: number): number {
  return Math.hypot(a[2 * i] - b[2 * i], a[2 * i + 1] - b[2 * i + 1]);
}
