import { Matrix4 } from "three";
import type { Size } from "../../domain/clip.ts";

/**
 * The volume: the picture's height is 1, x right, y up, z = time, the future towards the viewer. Track
 * space: x and y in videoPx, z in frames relative to "now".
 */
export interface VolumeExtent {
  readonly frameSize: Size;
  /** Relative to "now": at most 0 and at least 0. */
  readonly firstFrame: number;
  readonly lastFrame: number;
}

/** Its length for 81 frames, in picture heights. */
const DEPTH_OF_81_FRAMES = 1.25;
export const VOLUME_PER_FRAME = DEPTH_OF_81_FRAMES / 81;

export function volumeFromTrack(extent: VolumeExtent): Matrix4 {
  const { width, height } = extent.frameSize;
  const middle = (extent.firstFrame + extent.lastFrame) / 2;
  return new Matrix4()
    .makeScale(1 / height, -1 / height, VOLUME_PER_FRAME)
    .multiply(new Matrix4().makeTranslation(0.5 - width / 2, 0.5 - height / 2, -middle));
}

/** Half its sizes. */
export function volumeHalfSize(extent: VolumeExtent): readonly [number, number, number] {
  return [
    extent.frameSize.width / extent.frameSize.height / 2,
    0.5,
    ((extent.lastFrame - extent.firstFrame) * VOLUME_PER_FRAME) / 2,
  ];
}
