import type { Block } from "./track-texture.ts";

/** Pieces of ribbon that one instance draws: nine samples, `step` frames apart. */
export const CHUNK_SEGMENTS = 8;
const STEPS = [16, 8, 4, 2, 1] as const;
/** Largest distance between a drawn ribbon and its track, videoPx: below half a screen pixel. */
export const FINE_PX = 0.3;
/** The same where it lies among many others. */
export const COARSE_PX = 0.5;

/** Chunks of every point of a block: those of point n are [firsts[n], firsts[n + 1]). */
export interface Chunks {
  readonly firsts: Uint32Array;
  /** First sample of each chunk, counted from the block's first frame. */
  readonly starts: Uint16Array;
  /** log2 of the frames between two samples. */
  readonly stepBits: Uint8Array;
}

/**
 * Cuts tracks into chunks whose steps are as long as their straightness allows: points that rest or
 * glide need a tenth of the vertices. Hidden spans begin and end on samples one frame apart. `tolerancePx`:
 * how far a ribbon may be from its track, videoPx.
 */
export function cutChunks(
  texels: Float32Array,
  block: Block,
  pointCount: number,
  tolerancePx: number,
): Chunks {
  const firsts = new Uint32Array(pointCount + 1);
  const starts: number[] = [];
  const stepBits: number[] = [];
  const last = block.frameCount - 1;
  for (let n = 0; n < pointCount; n++) {
    firsts[n] = starts.length;
    const base = block.base + n * block.frameCount;
    let at = 0;
    do {
      const step = STEPS.find((each) => fits(texels, base, at, last, each, tolerancePx)) ?? 1;
      starts.push(at);
      stepBits.push(Math.log2(step));
      at += CHUNK_SEGMENTS * step;
    } while (at < last);
  }
  firsts[pointCount] = starts.length;
  return { firsts, starts: Uint16Array.from(starts), stepBits: Uint8Array.from(stepBits) };
}

function fits(
  texels: Float32Array,
  base: number,
  at: number,
  last: number,
  step: number,
  tolerancePx: number,
): boolean {
  if (step === 1) return true;
  const end = Math.min(last, at + CHUNK_SEGMENTS * step);
  for (let a = at; a < end; a += step) {
    const b = Math.min(end, a + step);
    const p = 4 * (base + a);
    const q = 4 * (base + b);
    if (texels[p + 2] !== texels[q + 2]) return false;
    for (let i = a + 1; i < b; i++) {
      const o = 4 * (base + i);
      const share = (i - a) / (b - a);
      const dx = texels[o] - texels[p] - share * (texels[q] - texels[p]);
      const dy = texels[o + 1] - texels[p + 1] - share * (texels[q + 1] - texels[p + 1]);
      if (dx * dx + dy * dy > tolerancePx * tolerancePx) return false;
      if (texels[o + 2] !== texels[p + 2]) return false;
    }
  }
  return true;
}
