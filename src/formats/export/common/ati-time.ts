/** ATI's nodes expect 121 points (24 a second) and read 81 of them (16 a second). */
export const ATI_POINTS = 121;
export const ATI_FRAMES = 81;

/** Index among the 121 points that the reader takes for its frame `frame` of 81. */
export function atiPointIndex(frame: number): number {
  return frame === 0 ? 0 : 1 + Math.floor((3 * (frame - 1) + 1) / 2);
}

/**
 * For each of the 121 points, the fractional frame of the 81 that it shows: whole numbers exactly
 * where the reader looks, halfway between its neighbours at the points it skips.
 */
export function atiFrameOfPoint(): Float64Array {
  const frames = new Float64Array(ATI_POINTS).fill(Number.NaN);
  for (let j = 0; j < ATI_FRAMES; j++) frames[atiPointIndex(j)] = j;
  for (let i = 0; i < ATI_POINTS; i++) {
    if (Number.isNaN(frames[i])) frames[i] = (frames[i - 1] + frames[i + 1]) / 2;
  }
  return frames;
}
