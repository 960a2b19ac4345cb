import { readHundredths } from "./common/as-read.ts";
import { coordinatePoints, coordinatesText } from "./common/coordinates.ts";
import type { ExportFormat } from "./common/format.ts";
import { metadataSidecar } from "./common/metadata.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, SEGMENT, SIZE, SPACING, TRACKS, WAN_FRAMES } from "./common/options.ts";
import { wanNotices } from "./common/wan.ts";

/**
 * Coordinates with one point an output frame, for ComfyUI's WanMoveTracksFromCoords (width × height of
 * the node, default 832×480, length 81; it samples every fourth frame).
 * Layout: [track][frame] {"x","y"}; edge pixels with two decimals; hidden = (−4096, −4096).
 */
export const comfyuiWanMove: ExportFormat = {
  name: "comfyui-wanmove",
  label: "ComfyUI · WanMove",
  description: "For ComfyUI's WanMoveTracksFromCoords: one point a frame.",
  group: "For video generators",
  extension: ".json",
  mediaType: "application/json",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [SEGMENT, MOTION, SIZE, FPS, WAN_FRAMES, SPACING, TRACKS],
  asRead: readHundredths,
  notices: wanNotices,
  write: (job) => ({
    main: coordinatesText(coordinatePoints(job.prepared)),
    sidecars: [metadataSidecar(comfyuiWanMove.name, job)],
  }),
};
