import { FormatError } from "../../../domain/errors.ts";

/** ATI's nodes read 121 points (24 a second); kijai's and the official code make 81 frames of them. */
export const ATI_POINTS = 121;
export const ATI_FRAMES = 81;

/**
 * For each of the 121 points, the fractional frame of `frames` that it shows. ComfyUI's reader takes
 * point 0 for frame 0, and for frame j the point 1 + ⌊(a(j−1)+1)/b⌋, where a/b is 120/(frames−1) in
 * lowest terms (nodes_wan.py, process_tracks); kijai's and the official code do so with a/b = 3/2.
 * A point that several frames read lies in their middle; one that none reads lies evenly between its
 * neighbours, so that whoever plays all 121 sees the same motion.
 * @throws FormatError where the reader gives up: frames − 1 a multiple of 120, fewer than 2 frames.
 */
export function atiFrameOfPoint(frames = ATI_FRAMES): Float64Array {
  requireReadable(frames);
  const readBy = Array.from({ length: ATI_POINTS }, (): number[] => []);
  for (let j = 0; j < frames; j++) readBy[atiPointIndex(j, frames)].push(j);
  const shown = Float64Array.from(readBy, (readers) =>
    readers.length === 0 ? Number.NaN : (readers[0] + readers[readers.length - 1]) / 2,
  );
  return filled(shown);
}

/** Index among the 121 points that the reader takes for frame `frame` of `frames`. */
export function atiPointIndex(frame: number, frames = ATI_FRAMES): number {
  if (frame === 0) return 0;
  const divisor = gcd(ATI_POINTS - 1, frames - 1);
  const a = (ATI_POINTS - 1) / divisor;
  const b = (frames - 1) / divisor;
  return 1 + Math.floor((a * (frame - 1) + 1) / b);
}

function requireReadable(frames: number): void {
  if (frames > 1 && (frames - 1) % (ATI_POINTS - 1) !== 0) return;
  const below = Math.max(5, frames - 4);
  throw new FormatError(
    `ComfyUI's WanTrackToVideo cannot read ATI tracks at a length of ${frames}`,
    `Ask for ${below} or ${frames < 5 ? 9 : frames + 4} frames, and set the node's length to the same.`,
  );
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** NaN between two numbers becomes evenly spaced; after the last one, its value. */
function filled(values: Float64Array): Float64Array {
  let known = 0;
  for (let i = 1; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const step = (values[i] - values[known]) / (i - known);
    for (let k = known + 1; k < i; k++) values[k] = values[known] + step * (k - known);
    known = i;
  }
  return values.fill(values[known], known + 1);
}
