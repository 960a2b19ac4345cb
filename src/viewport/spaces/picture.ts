import type { Matrix4 } from "three";
import type { Size } from "../../domain/clip.ts";
import { type FlatPlace, WHOLE_PICTURE } from "./flat-view.ts";
import type { Space } from "./space.ts";

/** The picture itself: everything where it is seen, time has no place in it. */
export const pictureSpace: Space = {
  id: "picture",
  orbits: false,
  timeAxis: false,
  look: { faintest: 0.4, casing: 0.3, dim: 1 },
  clipFromTrack: ({ extent, flat }, rect, marginPx, target) =>
    overlayClipFromTrack(extent.frameSize, rect, marginPx, target, flat),
  prepare({ ribbons }, { projection, rect, marginPx }) {
    const { extent, flat } = projection;
    const scale = overlayScale(extent.frameSize, rect, marginPx) * flat.zoom;
    ribbons.uniforms.uDashScale.value.set(scale, 0);
  },
};

/** Fits the picture into a view of that size in px, with a margin, then enlarges it; time has no place in it. */
export function overlayClipFromTrack(
  frameSize: Size,
  view: Size,
  marginPx: number,
  target: Matrix4,
  flat: FlatPlace = WHOLE_PICTURE,
): Matrix4 {
  const scale = overlayScale(frameSize, view, marginPx) * flat.zoom;
  const x = (2 * scale) / view.width;
  const y = (-2 * scale) / view.height;
  const shiftX = x * (0.5 - frameSize.width / 2 - flat.x);
  const shiftY = y * (0.5 - frameSize.height / 2 - flat.y);
  return target.set(x, 0, 0, shiftX, 0, y, 0, shiftY, 0, 0, 0, 0, 0, 0, 0, 1);
}

/** Screen px of one videoPx in the overlay. */
export function overlayScale(frameSize: Size, view: Size, marginPx: number): number {
  const scaleX = (view.width - 2 * marginPx) / frameSize.width;
  const scaleY = (view.height - 2 * marginPx) / frameSize.height;
  return Math.max(1e-3, Math.min(scaleX, scaleY));
}
