import type { PathGuess } from "../../../domain/space-field.ts";

/**
 * Cameras of all frames, where those of some were told (ascending, first and last among them): in between straight on.
 * Control points stay as they are: those frames are spread evenly.
 */
export function overAllFrames(
  told: PathGuess,
  frames: readonly number[],
  frameCount: number,
): PathGuess {
  if (frames.length === frameCount) return told;
  const rotationT9 = new Float32Array(9 * frameCount);
  const translationT3 = new Float32Array(3 * frameCount);
  let i = 0;
  for (let t = 0; t < frameCount; t++) {
    while (i + 2 < frames.length && frames[i + 1] <= t) i++;
    const share = (t - frames[i]) / (frames[i + 1] - frames[i]);
    const between = (values: Float32Array, k: number, size: number) =>
      (1 - share) * values[size * i + k] + share * values[size * (i + 1) + k];
    const rows = Array.from({ length: 9 }, (_, k) => between(told.rotationT9, k, 9));
    rotationT9.set(squared(rows), 9 * t);
    for (let c = 0; c < 3; c++) translationT3[3 * t + c] = between(told.translationT3, c, 3);
  }
  return { ...told, rotationT9, translationT3 };
}

/** Three rows that hardly miss a rotation, made one: the first kept in its direction, the third by the first two. */
function squared(rows: readonly number[]): number[] {
  const unit = (v: readonly number[]) => v.map((x) => x / Math.hypot(...v));
  const first = unit(rows.slice(0, 3));
  const along = first.reduce((sum, x, c) => sum + x * rows[3 + c], 0);
  const second = unit(first.map((x, c) => rows[3 + c] - along * x));
  const third = [0, 1, 2].map((c) => {
    const [d, e] = [(c + 1) % 3, (c + 2) % 3];
    return first[d] * second[e] - first[e] * second[d];
  });
  return [...first, ...second, ...third];
}
