import type { ExportFormat, ExportJob } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FEW_TRACKS, FPS, SEGMENT, SIZE, WAN_FRAMES } from "./common/options.ts";
import { edgePoints } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { fitSpline } from "./common/spline-fit.ts";
import { SPLINE_COLOURS, splineNotices } from "./common/spline-notes.ts";
import { round } from "./common/time.ts";
import { wanNotices } from "./common/wan.ts";

const TOLERANCE_PX = 1;
const MAX_NODES = 24;

/**
 * A definition for Wan2GP's Motion Designer in its trajectory mode: load the base picture there, then
 * this. A layer a track: `path` is a polyline of few nodes, edge pixels of `resolution`, along which
 * the layer moves at even speed from `startFrame` to `endFrame`; in other frames it is hidden.
 * A track is followed while it is seen without a gap from frame 0.
 */
export const wan2gpMotionDesigner: ExportFormat = {
  name: "wan2gp-motion-designer",
  label: "Wan2GP Motion Designer",
  description: "Editable trajectories for Wan2GP's Motion Designer.",
  group: "For video generators",
  extension: ".json",
  mediaType: "application/json",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [SEGMENT, MOTION, SIZE, FPS, WAN_FRAMES, FEW_TRACKS],
  notices: ({ prepared }) => [
    ...splineNotices("trajectories", layersOf(prepared)),
    ...wanNotices({ prepared }),
  ],
  write: (job) => ({ main: writeDefinition(job) }),
};

function layersOf(prepared: PreparedTracks) {
  return edgePoints(prepared).map((track, n) => {
    const gap = track.indexOf(null);
    const seen = (gap < 0 ? track : track.slice(0, gap)).filter((point) => point !== null);
    const { kept, ...fit } = fitSpline(seen, TOLERANCE_PX, MAX_NODES);
    const path = kept.map((i) => ({ x: round(seen[i].x), y: round(seen[i].y) }));
    const id = prepared.pointIds[n];
    return { id, path, endFrame: seen.length - 1, endsEarly: gap >= 0, ...fit };
  });
}

function writeDefinition({ prepared }: ExportJob): string {
  const { size, fps, tracks } = prepared;
  const layers = layersOf(prepared).map(({ id, path, endFrame }, n) => ({
    id: `point-${id}`,
    name: `Point ${id}`,
    color: SPLINE_COLOURS[n % SPLINE_COLOURS.length],
    polygon: [],
    polygonClosed: true,
    path,
    pathLocked: true,
    shapeType: "trajectory",
    startFrame: 0,
    endFrame,
    scaleStart: 1,
    scaleEnd: 1,
    rotationStart: 0,
    rotationEnd: 0,
    speedMode: "none",
    speedRatio: 1,
    tension: 0,
    hideOutsideRange: true,
  }));
  const definition = {
    resolution: size,
    fitMode: "cover",
    renderMode: "trajectory",
    showPatchedBackground: true,
    classicOutlineWidth: 1,
    scene: { fps: round(fps, 3), totalFrames: tracks.frameCount },
    layers,
  };
  return `${JSON.stringify(definition)}\n`;
}
