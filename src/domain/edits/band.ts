/**
 * The part of an evenly sampled signal between two frequencies, without shifting it in time: its cosine
 * transform (DCT-I: the signal mirrored at both ends), the bins inside kept, half of those at the rim.
 * `signalT` is left as it is.
 */
export function bandPass(
  signalT: Float64Array,
  fps: number,
  [lowHz, highHz]: readonly [number, number],
): Float64Array {
  const end = signalT.length - 1;
  const out = new Float64Array(signalT.length);
  if (end < 1) return out;
  const step = fps / (2 * end);
  for (let k = 0; k <= end; k++) {
    const share = shareOf(k * step, step, lowHz, highHz);
    if (share === 0) continue;
    let sum = (signalT[0] + (k % 2 ? -1 : 1) * signalT[end]) / 2;
    for (let t = 1; t < end; t++) sum += signalT[t] * Math.cos((Math.PI * k * t) / end);
    const scale = (share * sum * 2) / end / (k === 0 || k === end ? 2 : 1);
    for (let t = 0; t <= end; t++) out[t] += scale * Math.cos((Math.PI * k * t) / end);
  }
  return out;
}

function shareOf(hz: number, step: number, lowHz: number, highHz: number): number {
  if (hz < lowHz - step / 2 || hz > highHz + step / 2) return 0;
  const isRim = (edge: number) => edge > 0 && Math.abs(hz - edge) <= step / 2;
  return isRim(lowHz) || isRim(highHz) ? 0.5 : 1;
}

/** Weights of a Gaussian of so many samples, from −3σ to 3σ, that sum to 1. */
export function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    sigma > 0 ? Math.exp(-0.5 * ((i - reach) / sigma) ** 2) : 1,
  );
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}

/** The signal smoothed by those weights; beyond its ends it goes on turned about them, so that a steady
 * motion stays one. */
export function smoothed(signalT: Float64Array, weights: Float64Array): Float64Array {
  const end = signalT.length - 1;
  const reach = (weights.length - 1) / 2;
  const at = (t: number): number => {
    if (t < 0) return 2 * signalT[0] - signalT[Math.min(end, -t)];
    if (t > end) return 2 * signalT[end] - signalT[Math.max(0, 2 * end - t)];
    return signalT[t];
  };
  return signalT.map((_, t) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * at(t + i - reach);
    return sum;
  });
}

/** The signal without its straight line of least squares. */
export function withoutTrend(signalT: Float64Array): Float64Array {
  const middle = (signalT.length - 1) / 2;
  const mean = signalT.reduce((sum, v) => sum + v, 0) / signalT.length;
  let [along, length2] = [0, 0];
  for (let t = 0; t < signalT.length; t++) {
    along += (t - middle) * signalT[t];
    length2 += (t - middle) ** 2;
  }
  const slope = length2 > 0 ? along / length2 : 0;
  return signalT.map((v, t) => v - mean - slope * (t - middle));
}
