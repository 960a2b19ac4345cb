import { resampleFrames } from "../../domain/resampling.ts";
import { readHundredths } from "./common/as-read.ts";
import { catmullRom, type Xy } from "./common/catmull-rom.ts";
import { coordinatePoints, coordinatesText } from "./common/coordinates.ts";
import type { ExportFormat } from "./common/format.ts";
import { metadataSidecar } from "./common/metadata.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, SEGMENT, SPACING, TRACKS } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { round } from "./common/time.ts";
import { frameStepNotices } from "./common/wan.ts";

const LTX_FPS = 24;
/** Between two points of the editor: one latent frame of LTX. */
const FRAMES_A_STRETCH = 8;

/**
 * Coordinates for LTX's motion-track IC-LoRA (LTXVDrawTracks): one point an output frame, 24 a second,
 * 8k + 1 frames, pixels of the picture that the official workflow makes: the shorter side to 544, then
 * both sides floored to multiples of 64, so 832×480 becomes 896×512. Short tracks end early.
 * Layout: [track][frame] {"x","y"}; edge pixels with two decimals; hidden = (−4096, −4096).
 *
 * Beside it, the value for LTXVSparseTrackEditor's `points_store`, which is a list of lists:
 * [[{"x","y"}, …], …]. The editor runs a Catmull-Rom spline through a track's points and gives each
 * stretch between two of them the same time, so the points lie at even moments. It cannot hide: where a
 * point is hidden it goes where it is thought to be. Where a motion changes at once it runs past; how far is told.
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
    MOTION,
    {
      kind: "size",
      presets: [
        { size: { width: 896, height: 512 }, note: "LTX, of 832×480" },
        { size: { width: 512, height: 896 }, note: "LTX, upright" },
        { size: { width: 960, height: 512 }, note: "LTX, of 1280×720" },
      ],
    },
    FPS,
    { kind: "frames", proposed: [73, 97, 121, 145, 161] },
    SPACING,
    TRACKS,
  ],
  asRead: readHundredths,
  notices: ({ prepared }) => [
    ...overrunNotices(prepared),
    ...frameStepNotices("LTX", prepared.tracks.frameCount, 8),
  ],
  write: (job) => ({
    main: coordinatesText(coordinatePoints(job.prepared)),
    sidecars: [
      {
        ending: ".points_store.json",
        label: "points_store.json",
        text: pointsStore(job.prepared),
      },
      metadataSidecar(ltx.name, job, { points_to_sample: job.prepared.tracks.frameCount }),
    ],
  }),
};

function pointsStore(prepared: PreparedTracks): string {
  return `${JSON.stringify(editorPoints(prepared))}\n`;
}

/** [track][point], at even moments, edge pixels. */
function editorPoints({ tracks }: PreparedTracks): Xy[][] {
  const { frameCount, pointCount, tracksTN2 } = tracks;
  const stretches = Math.max(1, Math.round((frameCount - 1) / FRAMES_A_STRETCH));
  const moments = Array.from(
    { length: stretches + 1 },
    (_, k) => (k * (frameCount - 1)) / stretches,
  );
  const { tracksTN2: at } = resampleFrames(tracks, moments);
  return Array.from({ length: pointCount }, (_, n) => {
    const points = moments.map((_, k) => {
      const i = 2 * (k * pointCount + n);
      return { x: round(at[i] + EDGE_SHIFT), y: round(at[i + 1] + EDGE_SHIFT) };
    });
    return isStill(tracksTN2, n, pointCount) ? points.slice(0, 1) : points;
  });
}

/** Nearer than this nothing is told: the editor rounds to whole pixels. */
const TOLD_PX = 2;

/** How far the editor's spline leaves the tracks where they are seen. */
function overrunNotices(prepared: PreparedTracks): string[] {
  const { frameCount, pointCount, tracksTN2 } = prepared.tracks;
  let worst = { px: 0, n: 0, t: 0 };
  for (const [n, points] of editorPoints(prepared).entries()) {
    for (let t = 0; t < frameCount; t++) {
      const i = t * pointCount + n;
      if (!prepared.shownTN[i]) continue;
      const { x, y } = catmullRom(points, t / Math.max(1, frameCount - 1));
      const px = Math.hypot(
        x - EDGE_SHIFT - tracksTN2[2 * i],
        y - EDGE_SHIFT - tracksTN2[2 * i + 1],
      );
      if (px > worst.px) worst = { px, n, t };
    }
  }
  if (worst.px < TOLD_PX) return [];
  return [
    `The editor’s own points (points_store) leave the tracks by up to ${worst.px.toFixed(0)} px (point ${prepared.pointIds[worst.n]}, frame ${worst.t}): their spline runs past where a motion changes at once. The coordinates are exact.`,
  ];
}

function isStill(tracksTN2: Float32Array, n: number, pointCount: number): boolean {
  for (let i = n; 2 * i < tracksTN2.length; i += pointCount) {
    const far = Math.hypot(
      tracksTN2[2 * i] - tracksTN2[2 * n],
      tracksTN2[2 * i + 1] - tracksTN2[2 * n + 1],
    );
    if (far > 0.5) return false;
  }
  return true;
}
