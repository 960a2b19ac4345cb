import { readHundredths } from "./common/as-read.ts";
import { ATI_FRAMES, ATI_POINTS, atiFrameOfPoint } from "./common/ati-time.ts";
import { coordinatePoints, coordinatesText, HIDDEN_POINT } from "./common/coordinates.ts";
import type { ExportFormat } from "./common/format.ts";
import { metadataSidecar } from "./common/metadata.ts";
import { FPS, SEGMENT, SIZE } from "./common/options.ts";
import { type FlatPoint, HIDDEN_SENTINEL } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";

/**
 * Coordinates with 121 points for 81 frames, for ComfyUI's WanTrackToVideo and WanVideoATITracks. Fed
 * 81 points they play them 1.5 times too fast and leave the rest unguided; these 121 come out of the
 * reader's resampling as exactly the 81 that were meant.
 * Layout: [track][121] {"x","y"}; edge pixels with two decimals; hidden = (−4096, −4096).
 */
export const comfyuiAti: ExportFormat = {
  name: "comfyui-ati",
  label: "ComfyUI · ATI",
  description: "For ComfyUI's WanTrackToVideo and WanVideoATITracks: 121 points for 81 frames.",
  group: "For video generators",
  extension: ".json",
  mediaType: "application/json",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: ATI_FRAMES },
  options: [SEGMENT, SIZE, FPS],
  asRead: readHundredths,
  write: (job) => ({
    main: writeComfyAti(job.prepared),
    sidecars: [metadataSidecar(comfyuiAti.name, job, { pointsPerTrack: ATI_POINTS })],
  }),
};

function writeComfyAti(prepared: PreparedTracks): string {
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
