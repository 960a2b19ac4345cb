import { coordinatePoints, coordinatesText } from "./common/coordinates.ts";
import type { PreparedTracks } from "./common/prepare.ts";

/**
 * `comfyui-wanmove`: coordinates with one point an output frame, for ComfyUI's
 * WanMoveTracksFromCoords (width × height of the node, default 832×480, length 81; it samples every
 * fourth frame) and LTXVDrawTracks (pixels of the resized picture; short tracks end early).
 * Layout: [track][frame] {"x","y"}; edge pixels with two decimals; hidden = (−4096, −4096).
 */
export function writeComfyWanMove(prepared: PreparedTracks): string {
  return coordinatesText(coordinatePoints(prepared));
}
