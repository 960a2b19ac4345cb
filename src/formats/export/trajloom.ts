import { gridQueryXyN2, HISTORY_FRAMES } from "../../domain/grid.ts";
import { joinFrames, selectPoints } from "../../domain/resampling.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { type NpzEntry, writeNpz } from "../containers/npz.ts";
import type { ExportFormat } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, FRAMES, SEGMENT } from "./common/options.ts";
import { frameNearNow, type PreparedTracks } from "./common/prepared.ts";

/** TrajLoom's loaders want 81 past and 81 future frames. */
const TRAJLOOM_FRAMES = 162;

/**
 * An .npz that both TrajLoom loaders read, 832×480, 0 = centre of the first pixel.
 * - `tracks` [N,T,2] float32 (x,y); `visibility` [N,T] uint8, 1 = visible;
 * - `query_xy` [N,2] float32, positions at "now" (the nearest frame where fewer were asked for).
 * A past shorter than 81 frames is led by its first frame, marked hidden, so that T is 162.
 */
export const trajloom: ExportFormat = {
  name: "trajloom",
  label: "TrajLoom",
  description: "Past and future as an .npz that both TrajLoom loaders read.",
  group: "Data",
  extension: ".npz",
  mediaType: "application/zip",
  futures: "each",
  defaults: { segment: "both" },
  options: [SEGMENT, MOTION, FPS, FRAMES],
  notices: ({ prepared }) => trajloomNotices(prepared),
  write: ({ prepared }) => ({ main: writeTrajloom(prepared) }),
};

function writeTrajloom(prepared: PreparedTracks): Uint8Array {
  const tracks = prepared.segment === "both" ? leadIn(prepared) : prepared.tracks;
  const now = frameNearNow(prepared) + tracks.frameCount - prepared.tracks.frameCount;
  const { pointCount: N } = tracks;
  return writeNpz([
    ...pointMajor(tracks),
    {
      name: "query_xy",
      shape: [N, 2],
      dtype: "float32",
      values: tracks.tracksTN2.subarray(2 * now * N, 2 * (now + 1) * N),
    },
  ]);
}

function trajloomNotices(prepared: PreparedTracks): string[] {
  const notices: string[] = [];
  const { pointCount } = prepared.tracks;
  const lead = prepared.segment === "both" ? leadFrames(prepared) : 0;
  const frameCount = prepared.tracks.frameCount + lead;
  if (lead > 0) notices.push(`The past is short: ${lead} hidden frames lead it in.`);
  if (frameCount < TRAJLOOM_FRAMES) {
    notices.push(`TrajLoom's loaders want ${TRAJLOOM_FRAMES} frames; this file has ${frameCount}.`);
  }
  if (pointCount !== gridQueryXyN2().length / 2) {
    notices.push(`TrajLoom's models want all 390 points; this file has ${pointCount}.`);
  }
  return notices;
}

/** Frames that a past shorter than TrajLoom's lacks. */
function leadFrames({ nowFrame }: PreparedTracks): number {
  return Math.max(0, HISTORY_FRAMES - 1 - Math.round(nowFrame));
}

function leadIn(prepared: PreparedTracks): Tracks {
  const { tracks } = prepared;
  const missing = leadFrames(prepared);
  if (missing === 0) return tracks;
  const lead = createTracks(missing, tracks.pointCount);
  const first = tracks.tracksTN2.subarray(0, 2 * tracks.pointCount);
  for (let t = 0; t < missing; t++) lead.tracksTN2.set(first, t * first.length);
  return joinFrames(lead, tracks);
}

/** `tracks` [N,T,2] and `visibility` [N,T]. */
function pointMajor(tracks: Tracks): NpzEntry[] {
  const { frameCount: T, pointCount: N } = tracks;
  const xyNT2 = new Float32Array(N * T * 2);
  const visibilityNT = new Uint8Array(N * T);
  for (let n = 0; n < N; n++) {
    const one = selectPoints(tracks, [n]);
    xyNT2.set(one.tracksTN2, 2 * n * T);
    visibilityNT.set(one.visibilityTN, n * T);
  }
  return [
    { name: "tracks", shape: [N, T, 2], dtype: "float32", values: xyNT2 },
    { name: "visibility", shape: [N, T], dtype: "uint8", values: visibilityNT },
  ];
}
