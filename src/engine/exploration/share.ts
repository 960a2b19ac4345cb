import type { Share } from "../../domain/exploration.ts";
import type { HappenedShares } from "../../domain/latent.ts";

/** Of the normal distribution: 95 % lie within ±z. */
const Z = 1.96;

/** The share of the samples with its score interval (Wilson, 1927): 40 of 200 is 15 to 26 %. */
export function shareOf(count: number, total: number): Share {
  if (total === 0) return { count, total, share: 0, isTested: false, low: 0, high: 1 };
  const p = count / total;
  const scale = 1 + (Z * Z) / total;
  const centre = (p + (Z * Z) / (2 * total)) / scale;
  const half = (Z * Math.sqrt((p * (1 - p)) / total + (Z * Z) / (4 * total * total))) / scale;
  const [low, high] = [Math.max(0, centre - half), Math.min(1, centre + half)];
  return { count, total, share: p, isTested: false, low, high };
}

/** Samples of each kind. */
export interface Counts {
  readonly still: number;
  readonly other: number;
  readonly modes: readonly number[];
}

export interface Shares {
  readonly still: Share;
  readonly other: Share;
  readonly modes: readonly Share[];
}

/**
 * Shares of all kinds, which sum to 1: of the samples, or of what came to pass where `happened` is known
 * (`domain/latent.ts`; `models/foretrack/photo/shares.py` has the same). Modes share what neither rests
 * nor goes another way as they share the samples. Without modes, all that moves goes another way.
 */
export function sharesOf({ still, other, modes }: Counts, happened?: HappenedShares): Shares {
  const inModes = modes.reduce((sum, count) => sum + count, 0);
  const total = still + other + inModes;
  const raw = {
    still: shareOf(still, total),
    other: shareOf(other, total),
    modes: modes.map((count) => shareOf(count, total)),
  };
  if (!happened || total === 0) return raw;
  const [a, b] = happened.still;
  const rests = (p: number) => 1 / (1 + Math.exp(-(a + b * (p - 0.5))));
  const moves = 1 - rests(raw.still.share);
  const otherShare = inModes > 0 ? moves * happened.other : moves;
  const ofModes = moves - otherShare;
  const tested = (own: Share, share: number, low: number, high: number): Share => {
    // What the clips tell is as uncertain as a share of so many draws.
    const learnt = Z * Math.sqrt((share * (1 - share)) / happened.sources);
    return {
      ...own,
      share,
      isTested: true,
      low: Math.max(0, share - Math.hypot(learnt, share - low)),
      high: Math.min(1, share + Math.hypot(learnt, high - share)),
    };
  };
  return {
    still: tested(raw.still, rests(raw.still.share), rests(raw.still.low), rests(raw.still.high)),
    other: tested(raw.other, otherShare, otherShare, otherShare),
    modes: raw.modes.map((own) => {
      const within = shareOf(own.count, inModes);
      return tested(own, ofModes * within.share, ofModes * within.low, ofModes * within.high);
    }),
  };
}
