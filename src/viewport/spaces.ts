import { Matrix4 } from "three";
import type { Size } from "../domain/clip.ts";

/**
 * World: the picture's height is 1, x right, y up, z = time, the future towards the viewer. Track
 * space: x and y in videoPx, z in frames relative to "now".
 */
export interface VolumeExtent {
  readonly frameSize: Size;
  /** Relative to "now": at most 0 and at least 0. */
  readonly firstFrame: number;
  readonly lastFrame: number;
}

/** World length of 81 frames, in picture heights. */
const DEPTH_OF_81_FRAMES = 1.25;
export const WORLD_PER_FRAME = DEPTH_OF_81_FRAMES / 81;

export function worldFromTrack(extent: VolumeExtent): Matrix4 {
  const { width, height } = extent.frameSize;
  const middle = (extent.firstFrame + extent.lastFrame) / 2;
  return new Matrix4()
    .makeScale(1 / height, -1 / height, WORLD_PER_FRAME)
    .multiply(new Matrix4().makeTranslation(0.5 - width / 2, 0.5 - height / 2, -middle));
}

/** Half sizes of the volume in world units. */
export function worldHalfSize(extent: VolumeExtent): readonly [number, number, number] {
  return [
    extent.frameSize.width / extent.frameSize.height / 2,
    0.5,
    ((extent.lastFrame - extent.firstFrame) * WORLD_PER_FRAME) / 2,
  ];
}

/** Fits the picture into a view of that size in px, with a margin; time has no place in it. */
export function overlayClipFromTrack(
  frameSize: Size,
  view: Size,
  marginPx: number,
  target: Matrix4,
): Matrix4 {
  const scale = overlayScale(frameSize, view, marginPx);
  const x = (2 * scale) / view.width;
  const y = (-2 * scale) / view.height;
  const shiftX = x * (0.5 - frameSize.width / 2);
  const shiftY = y * (0.5 - frameSize.height / 2);
  return target.set(x, 0, 0, shiftX, 0, y, 0, shiftY, 0, 0, 0, 0, 0, 0, 0, 1);
}

/** Screen px of one videoPx in the overlay. */
export function overlayScale(frameSize: Size, view: Size, marginPx: number): number {
  const scaleX = (view.width - 2 * marginPx) / frameSize.width;
  const scaleY = (view.height - 2 * marginPx) / frameSize.height;
  return Math.max(1e-3, Math.min(scaleX, scaleY));
}

/**
 * Where a perspective camera sees a whole box around the origin, and no farther: its distance from
 * the point that it looks at, which lies `shiftUp` along its own up axis so that the near side,
 * seen larger, leaves as much room below as above. `axes`: the camera's right, up and back.
 */
export function fitBox(
  half: readonly [number, number, number],
  axes: readonly [readonly number[], readonly number[], readonly number[]],
  fovYRadians: number,
  aspect: number,
): { readonly distance: number; readonly shiftUp: number } {
  const tangentY = Math.tan(fovYRadians / 2);
  const tangentX = tangentY * aspect;
  const corners = Array.from({ length: 8 }, (_, corner) => {
    const p = half.map((h, i) => (corner & (1 << i) ? h : -h));
    return axes.map((axis) => axis[0] * p[0] + axis[1] * p[1] + axis[2] * p[2]);
  });
  // Each side of the view asks for a distance; those above and below are evened out by the shift.
  const across = Math.max(...corners.map(([x, , z]) => z + Math.abs(x) / tangentX));
  const above = Math.max(...corners.map(([, y, z]) => z + y / tangentY));
  const below = Math.max(...corners.map(([, y, z]) => z - y / tangentY));
  return {
    distance: Math.max(across, (above + below) / 2),
    shiftUp: ((above - below) * tangentY) / 2,
  };
}
