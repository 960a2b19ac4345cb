import type { Frame, Size } from "../../../domain/clip.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../../domain/grid.ts";
import { writePng } from "../../containers/png.ts";
import { placement } from "./place.ts";

/**
 * The size at which the decoder should read "now" so that nothing is enlarged twice: the whole working
 * frame, scaled as the export scales it. `nowFramePng` then cuts the sides that the export cuts.
 */
export function nowFrameReadSize(size: Size): Size {
  const { scale } = placement(size);
  return {
    width: Math.max(size.width, Math.round(WORKING_WIDTH * scale)),
    height: Math.max(size.height, Math.round(WORKING_HEIGHT * scale)),
  };
}

/** PNG of "now" at the export's size with the export's crop. `frame` has `nowFrameReadSize(size)`. */
export function nowFramePng(frame: Frame, size: Size): Uint8Array {
  const left = Math.round((frame.size.width - size.width) / 2);
  const top = Math.round((frame.size.height - size.height) / 2);
  if (left === 0 && top === 0) return writePng(frame);
  const rgba = new Uint8ClampedArray(4 * size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    const from = 4 * ((y + top) * frame.size.width + left);
    rgba.set(frame.rgba.subarray(from, from + 4 * size.width), 4 * y * size.width);
  }
  return writePng({ index: frame.index, size, rgba });
}
