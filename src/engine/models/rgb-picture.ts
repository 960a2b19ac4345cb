import type { Frame, Size } from "../../domain/clip.ts";

const CHANNELS = 3;

/**
 * A frame as models of one picture take it: [3,height,width] RGB in 0..255, each pixel the mean of
 * those that it covers, rounded: the same bytes give the same hash wherever the frame was decoded.
 * The frame's size is a whole multiple of `size`, or what is over at its right and bottom is left out.
 */
export function rgbPicture({ rgba, size: from }: Frame, { width, height }: Size): Float32Array {
  const [stepX, stepY] = [Math.floor(from.width / width), Math.floor(from.height / height)];
  const area = width * height;
  const out = new Float32Array(CHANNELS * area);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < CHANNELS; c++) {
        let sum = 0;
        for (let dy = 0; dy < stepY; dy++) {
          const row = (y * stepY + dy) * from.width + x * stepX;
          for (let dx = 0; dx < stepX; dx++) sum += rgba[4 * (row + dx) + c];
        }
        out[c * area + y * width + x] = Math.round(sum / (stepX * stepY));
      }
    }
  }
  return out;
}
