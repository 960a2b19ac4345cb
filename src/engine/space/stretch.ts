/** Deviation of a network's stretch from 1, before anything is measured. */
const USUAL = 0.3;
const [LEAST, MOST] = [0.4, 2.5];
/** Points err alike, by the cameras that they share: so many count as one. */
const ALIKE = 200;
/** From so many deviations on a point counts less. */
const FAR = 2;
const LEAST_VARIANCE = 1e-4;
const ROUNDS = 8;

/**
 * By how much log depths that a network tells have to be stretched to lie along those that are measured, `varianceN`
 * being that of the difference of both: it tells the order of depths better than how far apart they are. Least squares
 * on a robust loss, drawn to 1 where little is measured.
 */
export function stretchOf(
  measuredN: readonly number[],
  toldN: readonly number[],
  varianceN: readonly number[],
): number {
  const certaintyN = varianceN.map((variance) => 1 / (variance + LEAST_VARIANCE));
  let weightN = certaintyN;
  let stretch = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const [told, measured] = [meanOf(toldN, weightN), meanOf(measuredN, weightN)];
    let [along, spread] = [USUAL ** -2, USUAL ** -2];
    weightN.forEach((weight, i) => {
      along += (weight / ALIKE) * (toldN[i] - told) * (measuredN[i] - measured);
      spread += (weight / ALIKE) * (toldN[i] - told) ** 2;
    });
    stretch = Math.min(MOST, Math.max(LEAST, along / spread));
    weightN = certaintyN.map((certainty, i) => {
      const miss = measuredN[i] - measured - stretch * (toldN[i] - told);
      return certainty / (1 + (certainty * miss * miss) / FAR ** 2);
    });
  }
  return stretch;
}

function meanOf(values: readonly number[], weights: readonly number[]): number {
  let [sum, total] = [0, 0];
  weights.forEach((weight, i) => {
    sum += weight * values[i];
    total += weight;
  });
  return sum / total;
}
