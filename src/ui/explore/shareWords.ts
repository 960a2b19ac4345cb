import type { Share } from "../../domain/exploration.ts";

/** "about 2 in 10" */
export function shareWords({ count, total }: Share): string {
  if (count === 0) return `none of ${total}`;
  const tenths = Math.round((10 * count) / total);
  if (tenths === 0) return `about 1 in ${Math.round(total / count)}`;
  return tenths === 10 ? "nearly all" : `about ${tenths} in 10`;
}

/** "16 to 26 % (40 of 200 samples)" */
export function intervalWords({ count, total, low, high }: Share): string {
  const percent = (p: number) => String(Math.round(100 * p));
  return `${percent(low)} to ${percent(high)} % of the model’s futures (${count} of ${total} samples)`;
}
