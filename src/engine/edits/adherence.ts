import type { Size } from "../../domain/clip.ts";
import { seenBy } from "../../domain/constraints.ts";
import type { Edit } from "../../domain/edits.ts";
import type { Future } from "../../domain/forecast.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { planLook } from "../completion/look.ts";
import { compileEdits } from "./compile.ts";
import { wishesIn, wishMiss } from "./wishes.ts";

export interface Adherence {
  /**
   * By the edit's id, px: mean distance of the future's points from where the edit wants them exactly,
   * 0 where it is followed; of a wish, how far the future is from it. Lacks edits that are off, ask
   * nothing exact, or that later ones overrule.
   */
  readonly missPx: ReadonlyMap<string, number>;
  /** Mean distance of all points without an edit from the free future, px; null where that is unknown. */
  readonly movedPx: number | null;
}

/**
 * How well a future follows edits, and what that cost the rest. `shown` and `free`: with and without the
 * edits; `history` [T,N,2] videoPx ends at "now"; `size`: of the frame. Under a camera that the user set,
 * the free future counts as that camera sees it.
 */
export function adherenceOf(
  edits: readonly Edit[],
  history: Tracks,
  shown: Future,
  free: Future | null,
  size: Size = WORKING_SIZE,
): Adherence {
  const { frameCount, pointCount } = shown.tracks;
  const ownerTN = new Int16Array(frameCount * pointCount);
  const constraints = compileEdits(edits, history, frameCount, size, ownerTN);
  const wished = wishesIn(edits).map((wish) => [wish.id, wishMiss(wish, shown)] as const);
  if (!constraints) return { missPx: new Map(wished), movedPx: null };
  const startN2 = history.tracksTN2.subarray(-2 * history.pointCount);
  const look = constraints.camera && planLook(constraints.camera, startN2, size, { isDraft: true });
  const { positionsTN2, weightTN } = look
    ? look.seenBy(constraints, free ?? undefined)
    : // The camera that the edits were seen through; that of the shown future was fitted after them.
      seenBy(constraints, (free ?? shown).cameraPathT6);
  const beside = look && free ? look.at(free).future : free;
  const sums = edits.map(() => ({ px: 0, count: 0 }));
  const isHeld = new Uint8Array(pointCount);
  for (let i = 0; i < weightTN.length; i++) {
    if (weightTN[i] > 0) isHeld[i % pointCount] = 1;
    if (weightTN[i] < 1) continue;
    const sum = sums[ownerTN[i]];
    sum.px += distance(shown.tracks.tracksTN2, positionsTN2, i);
    sum.count++;
  }
  const held = sums.flatMap(({ px, count }, e) =>
    count > 0 ? [[edits[e].id, px / count] as const] : [],
  );
  const missPx = new Map([...held, ...wished]);
  return { missPx, movedPx: beside && movedPx(shown.tracks, beside.tracks, isHeld) };
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
