import type { Size } from "../../domain/clip.ts";

/** [N,3] colours of the picture at the points; grey without one. */
export function coloursAt(
  picture: ImageBitmap | null,
  queryXyN2: Float32Array,
  { width, height }: Size,
): Uint8Array {
  const colours = new Uint8Array((queryXyN2.length / 2) * 3).fill(150);
  if (!picture) return colours;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return colours;
  context.drawImage(picture, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  for (let n = 0; n < queryXyN2.length / 2; n++) {
    const x = Math.min(width - 1, Math.max(0, Math.round(queryXyN2[2 * n])));
    const y = Math.min(height - 1, Math.max(0, Math.round(queryXyN2[2 * n + 1])));
    const o = 4 * (y * width + x);
    colours.set([data[o], data[o + 1], data[o + 2]], 3 * n);
  }
  return colours;
}
