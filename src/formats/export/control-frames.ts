import { writePng } from "../containers/png.ts";
import {
  type ControlColours,
  type ControlLook,
  drawControlFrame,
} from "./common/control-picture.ts";
import type { ExportFormat, ExportJob, MovingPicture } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, SEGMENT, SIZE, WAN_FRAMES } from "./common/options.ts";
import { wanNotices } from "./common/wan.ts";

/**
 * A control video for generators that follow marks (Wan-Fun, VACE, TTM, LTX): black, a mark a point
 * that is seen, each point in a colour of its own or all white. Here as PNG files `0001.png` and on;
 * the same pictures are saved as MP4 by the dialog, and by the command where PATH ends in .mp4.
 */
export const controlFrames: ExportFormat = {
  name: "control-frames",
  label: "Control video",
  description: "Dots or boxes on black, as MP4 or as a sequence of PNG files.",
  group: "For video generators",
  extension: ".zip",
  mediaType: "application/zip",
  severalFiles: true,
  futures: "each",
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [
    SEGMENT,
    MOTION,
    SIZE,
    FPS,
    WAN_FRAMES,
    {
      kind: "choice",
      id: "look",
      label: "Marks",
      values: [
        { value: "dots", label: "Dots" },
        { value: "boxes", label: "Boxes" },
      ],
    },
    {
      kind: "choice",
      id: "colours",
      label: "Colours",
      values: [
        { value: "track", label: "One a point" },
        { value: "white", label: "White" },
      ],
    },
  ],
  notices: wanNotices,
  moving: movingOf,
  write: (job) => ({ main: writeFrames(job) }),
};

function movingOf({ prepared, choice }: ExportJob): MovingPicture {
  const look = choice("look") as ControlLook;
  const colours = choice("colours") as ControlColours;
  return {
    size: prepared.size,
    fps: prepared.fps,
    frameCount: prepared.tracks.frameCount,
    draw: (frame, into) => drawControlFrame(prepared, frame, look, colours, into),
  };
}

function writeFrames(job: ExportJob) {
  const { size, frameCount, draw } = movingOf(job);
  const rgba = new Uint8ClampedArray(4 * size.width * size.height);
  return Array.from({ length: frameCount }, (_, index) => {
    draw(index, rgba);
    const name = `${String(index + 1).padStart(4, "0")}.png`;
    return { name, bytes: writePng({ index, size, rgba }) };
  });
}
