import type { PreparedTracks } from "./prepared.ts";
import { drawnColour } from "./track-colours.ts";

export type ControlLook = "dots" | "boxes";
export type ControlColours = "track" | "white";

/** Half the side of a mark, of the picture's height. */
const SHARE = 1 / 96;

/**
 * One frame of a control video: black, with a mark a point that is seen, RGBA. `into` is filled, so that
 * many frames need one buffer.
 */
export function drawControlFrame(
  { tracks, shownTN, size, pointIds }: PreparedTracks,
  frame: number,
  look: ControlLook,
  colours: ControlColours,
  into: Uint8ClampedArray,
): void {
  const { pointCount, tracksTN2 } = tracks;
  new Uint32Array(into.buffer, into.byteOffset, into.length / 4).fill(0xff000000);
  const half = Math.max(2, size.height * SHARE);
  for (let n = 0; n < pointCount; n++) {
    const i = frame * pointCount + n;
    if (!shownTN[i]) continue;
    const colour = colours === "white" ? WHITE : drawnColour(pointIds[n]);
    const [x, y] = [tracksTN2[2 * i], tracksTN2[2 * i + 1]];
    for (let py = Math.ceil(y - half - 1); py <= y + half + 1; py++) {
      if (py < 0 || py >= size.height) continue;
      for (let px = Math.ceil(x - half - 1); px <= x + half + 1; px++) {
        if (px < 0 || px >= size.width) continue;
        const across = Math.abs(px - x);
        const down = Math.abs(py - y);
        const far = look === "dots" ? Math.hypot(across, down) : Math.max(across, down);
        const cover = Math.min(1, Math.max(0, half + 0.5 - far));
        if (cover > 0) blend(into, 4 * (py * size.width + px), colour, cover);
      }
    }
  }
}

const WHITE = [255, 255, 255] as const;

function blend(
  into: Uint8ClampedArray,
  at: number,
  colour: readonly number[],
  cover: number,
): void {
  for (let k = 0; k < 3; k++) into[at + k] += (colour[k] - into[at + k]) * cover;
}
