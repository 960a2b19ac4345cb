import type { Size } from "../../../domain/clip.ts";
import type { ExportJob } from "./format.ts";

/** Wan's models make 4k + 1 frames, and pictures whose sides are multiples of 16: told where not so. */
export function wanNotices({ prepared }: Pick<ExportJob, "prepared">): string[] {
  const { size, tracks } = prepared;
  const near = nearestSize(size, 16);
  return [
    ...frameStepNotices("Wan", tracks.frameCount, 4),
    ...(size.width % 16 === 0 && size.height % 16 === 0
      ? []
      : [
          `Wan's pictures have sides that are multiples of 16: the nearest size is ${near.width}×${near.height}.`,
        ]),
  ];
}

/** What to ask for instead where a model that makes `step`·k + 1 frames is given another number. */
export function frameStepNotices(model: string, frames: number, step: number): string[] {
  if (frames % step === 1) return [];
  const below = Math.max(0, Math.floor((frames - 1) / step)) * step + 1;
  return [
    `${model} makes ${step}k + 1 frames, and these are ${frames}: the nearest are ${below} and ${below + step}.`,
  ];
}

/** The nearest size whose sides are multiples of `step`. */
export function nearestSize({ width, height }: Size, step: number): Size {
  const nearest = (side: number) => Math.max(step, Math.round(side / step) * step);
  return { width: nearest(width), height: nearest(height) };
}

/** Pixels of the sizes that Wan-Move's generate.py is asked for: 832×480 and 1280×720. */
const MOVE_AREAS = [832 * 480, 1280 * 720];

/**
 * What generate.py makes of a picture of this size (wan_move.py): the area that was asked, in the
 * picture's shape, each side floored to a multiple of 16. 832×480 comes out as 832×464, because the
 * square root falls just short of 480.
 */
export function wanMoveSize({ width, height }: Size): Size {
  const [small, large] = MOVE_AREAS;
  const area = width * height > (small + large) / 2 ? large : small;
  const aspect = height / width;
  const side = (px: number) => Math.floor(Math.floor(px / 8) / 2) * 16;
  return { width: side(Math.sqrt(area / aspect)), height: side(Math.sqrt(area * aspect)) };
}
