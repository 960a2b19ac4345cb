import { readHundredths } from "./common/as-read.ts";
import { ATI_FRAMES, ATI_POINTS, atiFrameOfPoint } from "./common/ati-time.ts";
import { coordinatePoints, coordinatesText, HIDDEN_POINT } from "./common/coordinates.ts";
import type { ExportFormat } from "./common/format.ts";
import { metadataSidecar } from "./common/metadata.ts";
import { MOTION } from "./common/motion.ts";
import { FEW_TRACKS, FPS, SEGMENT, SIZE, WAN_FRAMES } from "./common/options.ts";
import { type FlatPoint, HIDDEN_SENTINEL } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { wanNotices } from "./common/wan.ts";

/** Frames after the first are averaged by fours: one latent frame each. */
const GROUP = 4;

/**
 * Coordinates with 121 points a track, for ComfyUI's WanTrackToVideo and WanVideoATITracks. Fed 81
 * points they play them 1.5 times too fast and leave the rest unguided; these 121 come out of the
 * reader's resampling as exactly the frames that were meant: 81, or for WanTrackToVideo the length that
 * was asked (common/ati-time.ts).
 *
 * The readers average four frames at a time and know no visibility, so that one hidden sample would
 * throw its whole group far outside: in a group that is partly seen, hidden samples stand at the mean
 * of the seen ones, which is what a reader with visibility makes of it.
 * Layout: [track][121] {"x","y"}; edge pixels with two decimals; hidden = (−4096, −4096).
 */
export const comfyuiAti: ExportFormat = {
  name: "comfyui-ati",
  label: "ComfyUI · ATI",
  description: "For ComfyUI's WanTrackToVideo and WanVideoATITracks: 121 points a track.",
  group: "For video generators",
  extension: ".json",
  mediaType: "application/json",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: ATI_FRAMES },
  options: [SEGMENT, MOTION, SIZE, FPS, WAN_FRAMES, FEW_TRACKS],
  asRead: readHundredths,
  notices: ({ prepared }) => [...lengthNotices(prepared), ...wanNotices({ prepared })],
  write: (job) => ({
    main: writeComfyAti(job.prepared),
    sidecars: [metadataSidecar(comfyuiAti.name, job, { pointsPerTrack: ATI_POINTS })],
  }),
};

function lengthNotices({ tracks: { frameCount } }: PreparedTracks): string[] {
  atiFrameOfPoint(frameCount);
  if (frameCount === ATI_FRAMES) return [];
  return [
    `Only ComfyUI's own WanTrackToVideo makes ${frameCount} frames of these, with its length at ${frameCount}; WanVideoATITracks makes ${ATI_FRAMES}, at another speed.`,
  ];
}

function writeComfyAti(prepared: PreparedTracks): string {
  const moments = atiFrameOfPoint(prepared.tracks.frameCount);
  return coordinatesText(
    coordinatePoints(prepared).map((track) => {
      const whole = withGroupMeans(track);
      return Array.from(moments, (at) => between(whole, at));
    }),
  );
}

function withGroupMeans(track: readonly FlatPoint[]): FlatPoint[] {
  const out = [...track];
  for (let start = 1; start < track.length; start += GROUP) {
    const group = track.slice(start, start + GROUP);
    const seen = group.filter((point) => point !== HIDDEN_POINT);
    if (seen.length === 0 || seen.length === group.length) continue;
    const mean = (pick: "x" | "y") =>
      Math.round((100 * seen.reduce((sum, point) => sum + point[pick], 0)) / seen.length) / 100;
    const stand = { x: mean("x"), y: mean("y") };
    group.forEach((point, k) => {
      if (point === HIDDEN_POINT) out[start + k] = stand;
    });
  }
  return out;
}

/** The point at a fractional frame; hidden where one of its neighbours is. */
function between(track: readonly FlatPoint[], at: number): FlatPoint {
  const a = track[Math.floor(at)];
  const b = track[Math.ceil(at)];
  if (a === b) return a;
  if (a.x === HIDDEN_SENTINEL || b.x === HIDDEN_SENTINEL) return HIDDEN_POINT;
  const part = at - Math.floor(at);
  const mix = (u: number, v: number) => Math.floor(100 * (u + part * (v - u)) + 1e-6) / 100;
  return { x: mix(a.x, b.x), y: mix(a.y, b.y) };
}
