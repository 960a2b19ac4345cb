import { readWholePixels } from "./common/as-read.ts";
import { coordinatesText, HIDDEN_POINT } from "./common/coordinates.ts";
import type { ExportFormat } from "./common/format.ts";
import { metadataSidecar } from "./common/metadata.ts";
import { MOTION } from "./common/motion.ts";
import { FEW_TRACKS, FPS, SEGMENT, SIZE, WAN_FRAMES } from "./common/options.ts";
import { edgePoints, wholePixel } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { fitSpline } from "./common/spline-fit.ts";
import { SPLINE_COLOURS, splineNotices } from "./common/spline-notes.ts";
import { round } from "./common/time.ts";
import { wanNotices } from "./common/wan.ts";

const TOLERANCE_PX = 2;
const MAX_CONTROL_POINTS = 12;

/**
 * The coordinates that SplineEditor puts out, whole pixels: [track][frame] {"x","y"}, the pixel that
 * holds the point, hidden = (−4096, −4096).
 *
 * Beside it, the value for the node's `points_store`: [{"points":[{"x","y"}],"color","name"}], whose
 * few control points a person can drag. Set interpolation "linear" and sampling "path": the node then
 * moves at even speed along the polyline. The notes tell per spline how far that is from the track,
 * in shape and in timing. A track is followed while it is visible without a gap from frame 0.
 */
export const kjnodesSpline: ExportFormat = {
  name: "kjnodes-spline",
  label: "KJNodes SplineEditor",
  description: "Whole-pixel coordinates and editable splines for ComfyUI-KJNodes’ SplineEditor.",
  group: "For video generators",
  extension: ".json",
  mediaType: "application/json",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [SEGMENT, MOTION, SIZE, FPS, WAN_FRAMES, FEW_TRACKS],
  asRead: readWholePixels,
  notices: ({ prepared }) => {
    const fits = fitSplines(prepared).notes.map((note) => ({
      ...note,
      endsEarly: note.followedFrames !== undefined,
    }));
    return [...splineNotices("splines", fits), ...wanNotices({ prepared })];
  },
  write: (job) => {
    const { text, notes } = fitSplines(job.prepared);
    const setup = { interpolation: "linear", sampling_method: "path", splines: notes };
    return {
      main: writeCoordinates(job.prepared),
      sidecars: [
        { ending: ".points_store.json", label: "points_store.json", text },
        metadataSidecar(kjnodesSpline.name, job, setup),
      ],
    };
  },
};

function writeCoordinates(prepared: PreparedTracks): string {
  return coordinatesText(
    edgePoints(prepared).map((track) =>
      track.map((point) => (point ? wholePixel(point) : HIDDEN_POINT)),
    ),
  );
}

interface SplineNote {
  readonly pointId: number;
  readonly controlPoints: number;
  readonly shapeErrorPx: number;
  readonly timingErrorPx: number;
  /** Frames until the track is first hidden, where it is: the spline goes no further, and slower. */
  readonly followedFrames?: number;
}

function fitSplines(prepared: PreparedTracks): { text: string; notes: SplineNote[] } {
  const notes: SplineNote[] = [];
  const splines = edgePoints(prepared).map((track, n) => {
    const gap = track.indexOf(null);
    const path = (gap < 0 ? track : track.slice(0, gap)).filter((point) => point !== null);
    const fit = fitSpline(path, TOLERANCE_PX, MAX_CONTROL_POINTS, track.length);
    const points = fit.kept.map((i) => wholePixel(path[i]));
    notes.push({
      pointId: prepared.pointIds[n],
      controlPoints: points.length,
      shapeErrorPx: round(fit.shapeErrorPx),
      timingErrorPx: round(fit.timingErrorPx),
      ...(gap < 0 ? {} : { followedFrames: gap }),
    });
    const still = points.every(({ x, y }) => x === points[0].x && y === points[0].y);
    return {
      points: still ? points.slice(0, 1) : points,
      color: SPLINE_COLOURS[n % SPLINE_COLOURS.length],
      name: `Point ${prepared.pointIds[n]}`,
      ...(still ? { isSinglePoint: true } : {}),
    };
  });
  return { text: `${JSON.stringify(splines)}\n`, notes };
}
