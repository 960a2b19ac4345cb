import type { Share } from "../../domain/exploration.ts";

/** "about 2 in 10" */
export function shareWords({ share, total }: Share): string {
  if (share === 0) return `none of ${total}`;
  const tenths = Math.round(10 * share);
  if (tenths === 0) return `about 1 in ${Math.round(1 / share)}`;
  return tenths === 10 ? "nearly all" : `about ${tenths} in 10`;
}

/** "15 to 26 % of the model’s futures (40 of 200 samples)" */
export function intervalWords({ count, total, low, high, isTested }: Share): string {
  const range = `${Math.round(100 * low)} to ${Math.round(100 * high)} %`;
  const samples = `${count} of ${total} samples`;
  return isTested
    ? `${range}, by what happened in clips that the model had not seen (${samples})`
    : `${range} of the model’s futures (${samples})`;
}
