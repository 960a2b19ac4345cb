import type { Frame, Size } from "../../domain/clip.ts";
import { MediaError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import { nowFramePng, nowFrameReadSize } from "../../formats/export/common/now-frame.ts";
import type { Studio } from "../../store/studio.ts";

/** Draws the middle of `image` so that it fills the canvas: the crop that track exports use. */
export function drawCover(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  image: OffscreenCanvas,
  width: number,
  height: number,
): void {
  const scale = Math.max(width / image.width, height / image.height);
  const w = image.width * scale;
  const h = image.height * scale;
  context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
}

/**
 * PNG of a working frame at a generator's size, decoded at that size: the bytes that `npm run export`
 * writes.
 * @throws MediaError where the clip is not open.
 */
export async function framePng(
  studio: Studio,
  clipId: string | null,
  index: number,
  size: Size,
  job: Job,
): Promise<Uint8Array> {
  const frames: Frame[] = [];
  const clip = clipId === null ? undefined : studio.bulk.clips.get(clipId);
  await clip?.read(
    index,
    index + 1,
    nowFrameReadSize(size),
    { onFrame: (frame) => frames.push(frame) },
    job,
  );
  if (frames.length > 0) return nowFramePng(frames[0], size);
  throw new MediaError(
    "The clip of this forecast is not open",
    "Open the clip, then drop the forecast again.",
  );
}
