import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  QUALITY_HIGH,
  WebMOutputFormat,
} from "mediabunny";
import { CancelledError } from "../../domain/errors.ts";
import type { MovingPicture } from "../../formats/export/common/format.ts";

export interface RecordedVideo {
  readonly blob: Blob;
  readonly extension: "mp4" | "webm";
}

/** Encodes pictures that move: MP4, or WebM where the browser cannot make that. */
export async function recordPictures(
  { size, fps, frameCount, draw }: MovingPicture,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<RecordedVideo> {
  // Encoders of 4:2:0 video want even sides.
  const sheet = new OffscreenCanvas(size.width & ~1, size.height & ~1);
  const { output, source, extension, target } = await openOutput(sheet);
  const picture = new ImageData(size.width, size.height);
  try {
    await output.start();
    for (let frame = 0; frame < frameCount; frame++) {
      if (signal.aborted) throw new CancelledError();
      draw(frame, picture.data);
      sheet.getContext("2d")?.putImageData(picture, 0, 0);
      await source.add(frame / fps, 1 / fps);
      onProgress((frame + 1) / frameCount);
    }
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
  if (!target.buffer) throw new Error("the encoder gave nothing");
  return { blob: new Blob([target.buffer], { type: `video/${extension}` }), extension };
}

/** An encoder of what is drawn on `sheet`. */
export async function openOutput(sheet: OffscreenCanvas) {
  const size = { width: sheet.width, height: sheet.height };
  const mp4 = await getFirstEncodableVideoCodec(["avc"], size);
  const codec = mp4 ?? (await getFirstEncodableVideoCodec(["vp9", "vp8", "av1"], size));
  if (!codec) throw new Error("this browser has no video encoder");
  const target = new BufferTarget();
  const extension = mp4 ? ("mp4" as const) : ("webm" as const);
  const output = new Output({
    format: mp4 ? new Mp4OutputFormat() : new WebMOutputFormat(),
    target,
  });
  const source = new CanvasSource(sheet, { codec, bitrate: QUALITY_HIGH });
  output.addVideoTrack(source);
  return { output, source, extension, target };
}
