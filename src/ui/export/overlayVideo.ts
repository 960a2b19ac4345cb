import { CancelledError } from "../../domain/errors.ts";
import { type Studio, selectFps, selectTimelineFrames } from "../../store/studio.ts";
import type { StageHandle } from "../stage/stageHandle.ts";
import { openOutput, type RecordedVideo } from "./videoOutput.ts";

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
