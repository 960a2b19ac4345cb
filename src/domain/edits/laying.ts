import { byPairs, inverted, type Pair, type Placing, placed } from "./placing.ts";
import { thinPlate } from "./thin-plate.ts";

/** How the picture of a motion is laid onto another one. */
export interface Laying {
  /** The place of the source that comes to lie at (x,y). */
  sourceOf(x: number, y: number): [number, number];
  /** What a displacement of the source becomes at (x,y). */
  turned(dx: number, dy: number, x: number, y: number): [number, number];
}

/** The same map everywhere; null for one that collapses the picture. */
export function evenLaying(placing: Placing): Laying | null {
  const back = inverted(placing);
  const [a, b, , d, e] = placing;
  return (
    back && {
      sourceOf: (x, y) => placed(back, x, y),
      turned: (dx, dy) => [a * dx + b * dy, d * dx + e * dy],
    }
  );
}

/** Fewer pairs than this leave nothing to bend. */
const BENDS = 4;
/** A warp that shrinks a place to less than this part of its surroundings has folded there. */
const LEAST_AREA = 0.1;

/**
 * By matched points: an even map (`byPairs`) of up to three; more are met exactly by the thin plate that
 * bends least. Where that folds, displacements turn as they do on the whole.
 */
export function pairsLaying(pairs: readonly Pair[]): Laying | null {
  const whole = evenLaying(byPairs(pairs));
  if (!whole || pairs.length < BENDS) return whole;
  const warp = thinPlate(pairs.map(([fromX, fromY, x, y]) => [x, y, fromX, fromY]));
  if (!warp) return whole;
  const [ux, uy] = whole.turned(1, 0, 0, 0);
  const [vx, vy] = whole.turned(0, 1, 0, 0);
  const evenArea = 1 / (ux * vy - vx * uy);
  return {
    sourceOf: warp.at,
    turned(dx, dy, x, y) {
      const [a, b, c, d] = warp.slopeAt(x, y);
      const area = a * d - b * c;
      if (area / evenArea < LEAST_AREA) return whole.turned(dx, dy, x, y);
      return [(d * dx - b * dy) / area, (a * dy - c * dx) / area];
    },
  };
}
