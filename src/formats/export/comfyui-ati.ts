import { atiFrameOfPoint } from "./common/ati-time.ts";
import { coordinatePoints, coordinatesText, HIDDEN_POINT } from "./common/coordinates.ts";
import { type FlatPoint, HIDDEN_SENTINEL } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepare.ts";

/**
 * `comfyui-ati`: coordinates with 121 points for 81 frames, for ComfyUI's WanTrackToVideo and
 * WanVideoATITracks. Fed 81 points they play them 1.5 times too fast and leave the rest unguided;
 * these 121 come out of the reader's resampling as exactly the 81 that were meant.
 * Layout: [track][121] {"x","y"}; edge pixels with two decimals; hidden = (−4096, −4096).
 */
export function writeComfyAti(prepared: PreparedTracks): string {
  const moments = atiFrameOfPoint();
  return coordinatesText(
    coordinatePoints(prepared).map((track) => Array.from(moments, (at) => between(track, at))),
  );
}

function between(track: readonly FlatPoint[], at: number): FlatPoint {
  const a = track[Math.floor(at)];
  const b = track[Math.ceil(at)];
  if (a === b) return a;
  if (a.x === HIDDEN_SENTINEL || b.x === HIDDEN_SENTINEL) return HIDDEN_POINT;
  const half = (u: number, v: number) => Math.floor((u + v) * 50) / 100;
  return { x: half(a.x, b.x), y: half(a.y, b.y) };
}
