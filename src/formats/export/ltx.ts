import { readHundredths } from "./common/as-read.ts";
import { coordinatePoints, coordinatesText } from "./common/coordinates.ts";
import type { ExportFormat } from "./common/format.ts";
import { metadataSidecar } from "./common/metadata.ts";
import { FPS, FRAMES, SEGMENT } from "./common/options.ts";
import { frameStepNotices } from "./common/wan.ts";

const LTX_FPS = 24;

/**
 * Coordinates for LTX's motion-track IC-LoRA (LTXVDrawTracks): one point an output frame, 24 a second,
 * 8k + 1 frames, pixels of the picture that the official workflow makes: the shorter side to 544, then
 * both sides floored to multiples of 64, so 832×480 becomes 896×512. Short tracks end early.
 * Layout: [track][frame] {"x","y"}; edge pixels with two decimals; hidden = (−4096, −4096).
 */
export const ltx: ExportFormat = {
  name: "ltx",
  label: "ComfyUI · LTX",
  description: "For LTX's motion track (LTXVDrawTracks): one point a frame, 24 a second.",
  group: "For video generators",
  extension: ".json",
  mediaType: "application/json",
  futures: "each",
  startsVisible: true,
  playbackFps: LTX_FPS,
  defaults: {
    segment: "future",
    frames: 121,
    fps: LTX_FPS,
    size: { width: 896, height: 512 },
  },
  options: [
    SEGMENT,
    {
      kind: "size",
      presets: [
        { size: { width: 896, height: 512 }, note: "LTX, of 832×480" },
        { size: { width: 512, height: 896 }, note: "LTX, upright" },
        { size: { width: 960, height: 512 }, note: "LTX, of 1280×720" },
      ],
    },
    FPS,
    FRAMES,
  ],
  asRead: readHundredths,
  notices: ({ prepared }) => frameStepNotices("LTX", prepared.tracks.frameCount, 8),
  write: (job) => ({
    main: coordinatesText(coordinatePoints(job.prepared)),
    sidecars: [metadataSidecar(ltx.name, job)],
  }),
};
