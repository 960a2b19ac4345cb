import type { Share } from "../../domain/exploration.ts";

/** Of the normal distribution: 95 % lie within ±z. */
const Z = 1.96;

/** The share with its score interval (Wilson, 1927): 40 of 200 is 15 to 26 %. */
export function shareOf(count: number, total: number): Share {
  if (total === 0) return { count, total, low: 0, high: 1 };
  const p = count / total;
  const scale = 1 + (Z * Z) / total;
  const centre = (p + (Z * Z) / (2 * total)) / scale;
  const half = (Z * Math.sqrt((p * (1 - p)) / total + (Z * Z) / (4 * total * total))) / scale;
  return { count, total, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
