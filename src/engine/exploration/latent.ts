import type { LatentChoice, LatentPart, PictureSight } from "../../domain/latent.ts";
import { randomStream, STREAM } from "../random/philox.ts";

/**
 * Ways from latents to latents. All keep to N(0, I), from which the model was trained to be asked, but
 * for the straight line. z: [L].
 */

/** The latent that a seed draws. */
export function drawLatent(seed: number, size: number): Float32Array {
  const z = new Float32Array(size);
  randomStream(seed, STREAM.latent).fillNormal(z);
  return z;
}

/** Whether the seed draws exactly these numbers, but for those of parts at rest. */
export function isDrawnBy(seed: number, z: ArrayLike<number>): boolean {
  const drawn = drawLatent(seed, z.length);
  const same = drawn.filter((v, i) => v === z[i]).length;
  return same > z.length / 2 && drawn.every((v, i) => v === z[i] || z[i] === 0);
}

/** `z` with the parts at rest that rest unless they are let go. */
export function atRest(z: Float32Array, parts: readonly LatentPart[]): Float32Array {
  const resting = parts.filter(({ rests }) => rests).map(({ name }) => name);
  return holdParts(z, new Float32Array(z.length), parts, resting);
}

/** What a seed draws, with those of the parts let go that rest but are not `held`. */
export function drawLetGo(
  seed: number,
  { latentSize, parts }: Pick<PictureSight, "latentSize" | "parts">,
  held: readonly string[],
): Float32Array {
  const z = atRest(drawLatent(seed, latentSize), parts);
  const own = new Float32Array(latentSize);
  randomStream(seed, STREAM.letGo).fillNormal(own);
  const free = parts.filter(({ name, rests }) => rests && !held.includes(name));
  return holdParts(
    z,
    own,
    parts,
    free.map(({ name }) => name),
  );
}

/** `z`, in the held parts as `kept` has them. */
export function holdParts(
  z: Float32Array,
  kept: ArrayLike<number>,
  parts: readonly LatentPart[],
  held: readonly string[],
): Float32Array {
  const out = z.slice();
  for (const { name, from, length } of parts) {
    if (!held.includes(name)) continue;
    for (let i = from; i < from + length; i++) out[i] = kept[i];
  }
  return out;
}

/**
 * √(1−s²)·z + s·ε with the ε of a seed: as likely under N(0, I) as z itself. s = 0.1 is close to it,
 * 0.3 a sibling, 1 a new draw.
 */
export function varied(z: ArrayLike<number>, strength: number, seed: number): Float32Array {
  const s = Math.min(1, Math.max(0, strength));
  const keep = Math.sqrt(1 - s * s);
  return drawLatent(seed, z.length).map((noise, i) => keep * z[i] + s * noise);
}

/**
 * From `a` (t = 0) to `b` (t = 1) along a great circle, its radius going linearly from one norm to the
 * other (Shoemake, 1985). `straight`: the line between them, as in the paper; at its middle the norm of
 * two unrelated latents falls to 0.7 and motion shrinks.
 */
export function between(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  t: number,
  straight = false,
): Float32Array {
  const [normA, normB] = [norm(a), norm(b)];
  const cosine = dot(a, b) / (normA * normB || 1);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  // Along one line, or with no direction of its own, there is no circle to go along.
  if (straight || !(Math.sin(angle) > 1e-4) || !(normA * normB > 0)) {
    return Float32Array.from(a, (v, i) => (1 - t) * v + t * b[i]);
  }
  const radius = (1 - t) * normA + t * normB;
  const shareA = (Math.sin((1 - t) * angle) / Math.sin(angle)) * (radius / normA);
  const shareB = (Math.sin(t * angle) / Math.sin(angle)) * (radius / normB);
  return Float32Array.from(a, (v, i) => shareA * v + shareB * b[i]);
}

/** Weighted mean of several latents, at the weighted mean of their norms. Weights sum to 1. */
export function blended(
  parents: readonly { z: ArrayLike<number>; weight: number }[],
): Float32Array {
  const size = parents[0].z.length;
  const mean = new Float32Array(size);
  let radius = 0;
  for (const { z, weight } of parents) {
    radius += weight * norm(z);
    for (let i = 0; i < size; i++) mean[i] += weight * z[i];
  }
  const length = norm(mean);
  return length > 1e-6 ? mean.map((v) => (v * radius) / length) : mean;
}

/** z with what it was made of, as it is kept. */
export function childOf(
  z: Float32Array,
  parents: readonly { z: ArrayLike<number>; weight: number }[],
): LatentChoice {
  const kept = parents.map(({ z: own, weight }) => ({ z: Array.from(own), weight }));
  return { z: Array.from(z), parents: kept };
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(z: ArrayLike<number>): number {
  return Math.sqrt(dot(z, z));
}
