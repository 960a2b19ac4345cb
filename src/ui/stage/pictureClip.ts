import type { Size } from "../../domain/clip.ts";
import { MediaError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { aviAround } from "../../formats/containers/avi.ts";

/** Longest side of the frames: more than any export asks of them. */
const LONG_SIDE = 1920;

/**
 * A clip of pictures, one a frame, at `rate` frames a second: an AVI of PNG files, or of JPEG files
 * where the pictures are lossy already. All are fitted into the first one's frame.
 * @throws MediaError naming the picture that cannot be decoded; CancelledError.
 */
export async function clipOfPictures(
  pictures: readonly File[],
  rate: number,
  job: Job,
): Promise<File> {
  const [first] = pictures;
  const lossless = /\.(?:png|bmp|tiff?)$/i.test(first.name);
  const type = lossless ? "image/png" : "image/jpeg";
  let sheet: OffscreenCanvas | undefined;
  const frames: Blob[] = [];
  for (const [i, file] of pictures.entries()) {
    throwIfCancelled(job);
    const bitmap = await decoded(file);
    sheet ??= sheetFor(bitmap);
    drawInside(sheet, bitmap);
    bitmap.close();
    frames.push(await sheet.convertToBlob({ type, quality: 0.95 }));
    job.onProgress?.({ stage: "pictures", done: i + 1, total: pictures.length });
  }
  const size: Size = { width: sheet?.width ?? 1, height: sheet?.height ?? 1 };
  const fourcc = lossless ? "MPNG" : "MJPG";
  const frameBytes = frames.map((frame) => frame.size);
  const avi = aviAround({ fourcc, size, rate, frameBytes });
  const parts = frames.flatMap((frame, i) => [
    avi.chunkHead(i),
    frame,
    new Uint8Array(frame.size % 2),
  ]);
  const stem = first.name.replace(/[\s._-]*\d+\.[^.]+$/, "") || "pictures";
  return new File([avi.head, ...parts, avi.tail], `${stem}.avi`, { type: "video/avi" });
}

async function decoded(file: File): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch (cause) {
    throw new MediaError(
      `${file.name} cannot be decoded, so the pictures make no clip`,
      "Leave it out, or save it again as PNG or JPEG.",
      { cause },
    );
  }
}

function sheetFor({ width, height }: ImageBitmap): OffscreenCanvas {
  const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
  return new OffscreenCanvas(
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
}

function drawInside(sheet: OffscreenCanvas, bitmap: ImageBitmap): void {
  const context = sheet.getContext("2d");
  if (!context) throw new Error("the browser gives no canvas");
  const scale = Math.min(sheet.width / bitmap.width, sheet.height / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  context.fillStyle = "#000";
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.drawImage(bitmap, (sheet.width - width) / 2, (sheet.height - height) / 2, width, height);
}
