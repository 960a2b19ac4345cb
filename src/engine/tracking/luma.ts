import type { Frame, GrayFrame } from "../../domain/clip.ts";
import { planarFrom } from "../../domain/planar-picture.ts";
import type { FrameTaps } from "../../domain/ports.ts";

/**
 * BT.601 luma of an RGBA frame, rounded to 8 bits: Y = 0.299 R + 0.587 G + 0.114 B on full-range
 * RGB. The page and the commands both track on this, so that the same clip gives the same tracks.
 * The weights are 16-bit fixed point (19595 + 38470 + 7471 = 65536): integers are exact everywhere.
 */
export function grayFromFrame(frame: Frame): GrayFrame {
  const { rgba, size } = frame;
  const gray = new Uint8Array(size.width * size.height);
  for (let i = 0, k = 0; i < gray.length; i++, k += 4) {
    gray[i] = (19595 * rgba[k] + 38470 * rgba[k + 1] + 7471 * rgba[k + 2] + 32768) >> 16;
  }
  return { size, gray };
}

/** Gives a frame that was decoded in this thread to all that asked for it. */
export function tapFrame(taps: FrameTaps, frame: Frame): void {
  taps.onLuma?.(grayFromFrame(frame), frame.index);
  const asked = askedOf(taps, frame.index);
  if (asked.frame) taps.onFrame?.(frame);
  if (asked.planar) taps.onPlanar?.(planarFrom(frame), frame.index);
}

/** In which forms the picture of a frame is wanted. */
export function askedOf(
  { onFrame, wantsFrame, onPlanar, wantsPlanar }: FrameTaps,
  index: number,
): { readonly frame: boolean; readonly planar: boolean } {
  return {
    frame: onFrame !== undefined && (!wantsFrame || wantsFrame(index)),
    planar: onPlanar !== undefined && (!wantsPlanar || wantsPlanar(index)),
  };
}
