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
import { type Studio, selectFps, selectTimelineFrames } from "../../store/studio.ts";
import type { StageHandle } from "../stage/stageHandle.ts";

export interface RecordedVideo {
  readonly blob: Blob;
  readonly extension: "mp4" | "webm";
}

/** Draws the timeline frame by frame on the stage and encodes it: no frame is dropped or doubled. */
export async function recordOverlay(
  studio: Studio,
  stage: StageHandle,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<RecordedVideo> {
  const state = studio.state;
  const first = state.loopStart ?? 0;
  const last = state.loopEnd ?? selectTimelineFrames(state) - 1;
  const fps = selectFps(state);
  const sheet = evenSheet(await stage.drawFrame(first));
  const { output, source, extension, target } = await openOutput(sheet);
  try {
    await output.start();
    for (let frame = first; frame <= last; frame++) {
      if (signal.aborted) throw new CancelledError();
      const drawn = await stage.drawFrame(frame);
      sheet.getContext("2d")?.drawImage(drawn, 0, 0, sheet.width, sheet.height);
      await source.add((frame - first) / fps, 1 / fps);
      onProgress((frame - first + 1) / (last - first + 1));
    }
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  } finally {
    stage.restore();
  }
  if (!target.buffer) throw new Error("the encoder gave nothing");
  return { blob: new Blob([target.buffer], { type: `video/${extension}` }), extension };
}

/** Encoders of 4:2:0 video want even sides. */
function evenSheet(canvas: HTMLCanvasElement): OffscreenCanvas {
  return new OffscreenCanvas(canvas.width & ~1, canvas.height & ~1);
}

async function openOutput(sheet: OffscreenCanvas) {
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
