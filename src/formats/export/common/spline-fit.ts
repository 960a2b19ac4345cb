import type { FlatPoint } from "./pixel-edge.ts";

export interface SplineFit {
  /** Chosen frames of the path, first and last always among them. */
  readonly kept: readonly number[];
  /** Largest distance in px from a path point to the polyline of the kept ones. */
  readonly shapeErrorPx: number;
  /**
   * Largest distance in px between a frame's point and where even speed along the polyline, spread over
   * all `frameCount` frames, puts it.
   */
  readonly timingErrorPx: number;
}

/**
 * Few control points of a path: starting from its ends, the farthest point is added until none is
 * farther than `tolerancePx` from the polyline (Ramer–Douglas–Peucker) or `maxPoints` are chosen.
 */
export function fitSpline(
  path: readonly FlatPoint[],
  tolerancePx: number,
  maxPoints: number,
  frameCount = path.length,
): SplineFit {
  const last = path.length - 1;
  const kept = last === 0 ? [0] : [0, last];
  let worst = farthest(path, kept);
  while (worst.distance > tolerancePx && kept.length < maxPoints) {
    kept.push(worst.index);
    kept.sort((a, b) => a - b);
    worst = farthest(path, kept);
  }
  return { kept, shapeErrorPx: worst.distance, timingErrorPx: timingError(path, kept, frameCount) };
}

function farthest(path: readonly FlatPoint[], kept: readonly number[]) {
  let worst = { index: 0, distance: 0 };
  for (let k = 1; k < kept.length; k++) {
    for (let i = kept[k - 1] + 1; i < kept[k]; i++) {
      const distance = distanceToSegment(path[i], path[kept[k - 1]], path[kept[k]]);
      if (distance > worst.distance) worst = { index: i, distance };
    }
  }
  return worst;
}

function distanceToSegment(p: FlatPoint, a: FlatPoint, b: FlatPoint): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / square;
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(p.x - a.x - at * dx, p.y - a.y - at * dy);
}

function timingError(
  path: readonly FlatPoint[],
  kept: readonly number[],
  frameCount: number,
): number {
  const nodes = kept.map((i) => path[i]);
  const lengths = [0];
  for (let k = 1; k < nodes.length; k++) {
    const step = Math.hypot(nodes[k].x - nodes[k - 1].x, nodes[k].y - nodes[k - 1].y);
    lengths.push(lengths[k - 1] + step);
  }
  const total = lengths[lengths.length - 1];
  let segment = 1;
  let worst = 0;
  for (let i = 0; i < path.length; i++) {
    const want = frameCount === 1 ? 0 : (total * i) / (frameCount - 1);
    while (segment < nodes.length - 1 && lengths[segment] < want) segment++;
    const a = nodes[Math.max(0, segment - 1)];
    const b = nodes[Math.min(segment, nodes.length - 1)];
    const span = lengths[segment] - lengths[segment - 1];
    const part = span > 0 ? Math.min(1, (want - lengths[segment - 1]) / span) : 0;
    const distance = Math.hypot(
      a.x + part * (b.x - a.x) - path[i].x,
      a.y + part * (b.y - a.y) - path[i].y,
    );
    worst = Math.max(worst, distance);
  }
  return worst;
}
