import type { Size } from "../../../domain/clip.ts";

/**
 * Small re-implementations of what the generators do with a file, written from their code as read:
 * ComfyUI 1bfd7ab (nodes_wan.py, nodes_wanmove.py), ComfyUI-LTXVideo's sparse track editor, Wan2GP
 * b0c3e95 (motion-designer/app.js), VideoX-Fun b82d394 (comfyui_nodes.py).
 */
export interface Xy {
  readonly x: number;
  readonly y: number;
}

/** parse_json_tracks: a bare list of tracks, or one track, or nothing. */
export function parseJsonTracks(text: string): Xy[][] {
  const parsed = JSON.parse(text.replaceAll("'", '"'));
  if (!Array.isArray(parsed)) throw new Error("the node takes a list");
  return Array.isArray(parsed[0]) ? parsed : [parsed];
}

/** One frame of a track as WanTrackToVideo resamples it: 121 points to `length` frames. */
export function readAtiFrames(text: string, length: number): Xy[][] {
  const divisor = greatestCommonDivisor(120, length - 1);
  const [a, b] = [120 / divisor, (length - 1) / divisor];
  return parseJsonTracks(text).map((track) => {
    const points = Array.from({ length: 121 }, (_, i) => track[i] ?? { x: 0, y: 0 });
    const repeated = points.slice(1).flatMap((point) => Array<Xy>(b).fill(point));
    const frames = [points[0], ...repeated.filter((_, i) => i >= 1 && (i - 1) % a === 0)];
    if (frames.length !== length) throw new Error(`${frames.length} frames, not ${length}`);
    return frames;
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** What patch_motion makes of frames 1, 2, 3 …: their mean by fours, all of them taken for seen. */
export function meansOfFour(track: readonly Xy[]): Xy[] {
  return Array.from({ length: (track.length - 1) / 4 }, (_, g) => {
    const group = track.slice(1 + 4 * g, 5 + 4 * g);
    const mean = (pick: "x" | "y") => group.reduce((sum, point) => sum + point[pick], 0) / 4;
    return { x: mean("x"), y: mean("y") };
  });
}

/** create_pos_embeddings: the cell of every fourth frame, null where it is outside or not seen. */
export function wanMoveCells(
  track: readonly Xy[],
  size: Size,
  seen: (frame: number) => boolean = () => true,
): (string | null)[] {
  return track
    .filter((_, t) => t % 4 === 0)
    .map(({ x, y }, k) => {
      const inside = x >= 0 && y >= 0 && x < size.width && y < size.height;
      return inside && seen(4 * k) ? `${Math.floor(x / 8)},${Math.floor(y / 8)}` : null;
    });
}

/** The sparse track editor: Catmull-Rom through the points, each stretch in the same time, whole px. */
export function sparseTrack(points: readonly Xy[], samples: number): Xy[] {
  const [first] = points;
  if (points.length === 1) {
    return Array.from({ length: samples }, () => ({
      x: Math.round(first.x),
      y: Math.round(first.y),
    }));
  }
  const padded = [first, ...points, points[points.length - 1]];
  const stretches = points.length - 1;
  return Array.from({ length: samples }, (_, i) => {
    const at = (i / (samples - 1)) * stretches;
    const from = Math.min(Math.floor(at), stretches - 1);
    const [a, b, c, d] = padded.slice(from, from + 4);
    const u = at - from;
    const along = (pick: "x" | "y") => {
      if (points.length === 2) return b[pick] + u * (c[pick] - b[pick]);
      return (
        0.5 *
        (2 * b[pick] +
          (c[pick] - a[pick]) * u +
          (2 * a[pick] - 5 * b[pick] + 4 * c[pick] - d[pick]) * u * u +
          (3 * b[pick] - a[pick] - 3 * c[pick] + d[pick]) * u * u * u)
      );
    };
    return { x: Math.round(along("x")), y: Math.round(along("y")) };
  });
}

export interface DesignerLayer {
  readonly shapeType: string;
  readonly polygonClosed: boolean;
  readonly path: readonly Xy[];
  readonly startFrame: number;
  readonly endFrame: number;
  readonly speedMode: string;
  readonly tension: number;
}

/** computeTrajectoryPosition in the trajectory mode: even speed along the polyline, null outside. */
export function designerPosition(layer: DesignerLayer, frame: number): Xy | null {
  if (layer.shapeType !== "trajectory" || !layer.polygonClosed) throw new Error("no trajectory");
  if (layer.speedMode !== "none" || layer.tension !== 0) throw new Error("speed or bend");
  const { path, startFrame, endFrame } = layer;
  if (frame < startFrame || frame > endFrame) return null;
  const span = endFrame - startFrame;
  const lengths = [0];
  for (let i = 1; i < path.length; i++) {
    lengths.push(lengths[i - 1] + Math.hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y));
  }
  const goal = (span === 0 ? 0 : (frame - startFrame) / span) * lengths[lengths.length - 1];
  const i = Math.max(
    1,
    lengths.findIndex((length) => length >= goal),
  );
  if (path.length === 1) return path[0];
  const part =
    lengths[i] > lengths[i - 1] ? (goal - lengths[i - 1]) / (lengths[i] - lengths[i - 1]) : 0;
  return {
    x: path[i - 1].x + part * (path[i].x - path[i - 1].x),
    y: path[i - 1].y + part * (path[i].y - path[i - 1].y),
  };
}

/** CreateTrajectoryBasedOnKJNodes: a list of fewer than ten texts, the first key taken for x. */
export function videoxFunTracks(text: string): number[][][] {
  const texts = JSON.parse(text) as string[];
  if (texts.length >= 10) throw new Error("ten or more are read as one text");
  return texts.map((each) => {
    const points = JSON.parse(each.replaceAll("'", '"')) as Record<string, number>[];
    return points.map((point) => Object.values(point));
  });
}
