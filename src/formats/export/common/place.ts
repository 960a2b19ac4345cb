import type { Size } from "../../../domain/clip.ts";
import { FormatError } from "../../../domain/errors.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../../domain/grid.ts";
import { isInsideFrame } from "../../../domain/inside-frame.ts";
import type { Tracks } from "../../../domain/tracks.ts";

export const WORKING_SIZE: Size = { width: WORKING_WIDTH, height: WORKING_HEIGHT };

/** @throws FormatError where no picture could have this size. */
export function checkedSize(size: Size): Size {
  const fits = (n: number) => Number.isInteger(n) && n >= 16 && n <= 8192;
  if (fits(size.width) && fits(size.height)) return size;
  throw new FormatError(
    `${size.width}×${size.height} is not a usable picture size`,
    "Give a width and a height from 16 to 8192 pixels.",
  );
}

/** How the working frame lies in a picture of `size`: scaled to cover it, cut evenly at the sides. */
export function placement(size: Size): { scale: number; left: number; top: number } {
  const scale = Math.max(size.width / WORKING_WIDTH, size.height / WORKING_HEIGHT);
  return {
    scale,
    left: (scale * WORKING_WIDTH - size.width) / 2,
    top: (scale * WORKING_HEIGHT - size.height) / 2,
  };
}

/** From videoPx to pixels of `size`. Pixel edges scale, not centres: x' + ½ = (x + ½)·scale − cut. */
export function placeTracks(tracks: Tracks, size: Size): Tracks {
  const { scale, left, top } = placement(size);
  if (scale === 1 && left === 0 && top === 0) return tracks;
  const tracksTN2 = tracks.tracksTN2.map(
    (v, i) => (v + 0.5) * scale - (i % 2 === 0 ? left : top) - 0.5,
  );
  return { ...tracks, tracksTN2 };
}

/** [T,N] 1 = visible and inside the picture of `size`. */
export function shownInside(tracks: Tracks, size: Size): Uint8Array {
  const { tracksTN2 } = tracks;
  return tracks.visibilityTN.map((visible, i) =>
    visible && isInsideFrame(tracksTN2[2 * i], tracksTN2[2 * i + 1], size) ? 1 : 0,
  );
}

export function sizeNotices(size: Size): string[] {
  const { left, top } = placement(size);
  if (left < 0.5 && top < 0.5) return [];
  return [
    `${size.width}×${size.height} has another shape: ${left > top ? "left and right" : "top and bottom"} of the picture are cut off.`,
  ];
}
