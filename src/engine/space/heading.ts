import { factorCholesky, solveCholesky } from "../completion/cholesky.ts";
import { type Cameras, stillCameras } from "./cameras.ts";
import type { Observations } from "./observations.ts";
import { transpose33 } from "./rotation.ts";

/** A direction in which the camera may have moved between the anchor and another frame. */
export interface Heading {
  /** Unit vector, world. */
  readonly direction: readonly [number, number, number];
  /** Mean robust distance² of what is left across the lines along which points would shift, px². */
  readonly cost: number;
  /** [N] inverse depths that it explains, median 1, at least 0. */
  readonly inverseDepthN: Float64Array;
}

const RING_COUNT = 7;
/** Smallest angle between two headings that are told apart, as a cosine. */
const APART = 0.92;

/**
 * Headings that explain frame t best, each with inverse depths. With the turn taken out, a static
 * point shifts along the line through the heading's image, by ρ; what shifts across it is a small
 * turn that is left (three numbers, linear), noise or a mover. A search over the half sphere is
 * exhaustive where an iteration would stick in one of the minima that forward motion has.
 */
export function findHeadings(
  observations: Observations,
  turned: Cameras,
  t: number,
  count: number,
): Heading[] {
  const flow = unturnedFlow(observations, turned, t);
  const found = halfSphere().map((direction) => judge(flow, direction));
  found.sort((a, b) => a.cost - b.cost);
  const chosen: Heading[] = [];
  for (const heading of found) {
    if (chosen.length === count) break;
    const isNew = chosen.every(
      (other) => Math.abs(dot(other.direction, heading.direction)) < APART,
    );
    if (isNew) chosen.push(refine(flow, heading));
  }
  return chosen;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Shifts (u,v) at (x,y) from the centre, all in focal lengths, of points visible in both frames. */
interface Flow {
  readonly focalPx: number;
  readonly xyuvN4: Float64Array;
  readonly usedN: Uint8Array;
}

function unturnedFlow({ tracks, anchorFrame }: Observations, turned: Cameras, t: number): Flow {
  const { pointCount, tracksTN2, visibilityTN } = tracks;
  const back = transpose33(turned.rotationT9.subarray(9 * t, 9 * t + 9));
  const f = turned.focalPxT[t];
  const focalPx = turned.focalPxT[anchorFrame];
  const [cx, cy] = turned.centre;
  const xyuvN4 = new Float64Array(pointCount * 4);
  const usedN = new Uint8Array(pointCount);
  for (let n = 0; n < pointCount; n++) {
    const o = 2 * (t * pointCount + n);
    const a = 2 * (anchorFrame * pointCount + n);
    const x = (tracksTN2[a] - cx) / focalPx;
    const y = (tracksTN2[a + 1] - cy) / focalPx;
    const dx = (tracksTN2[o] - cx) / f;
    const dy = (tracksTN2[o + 1] - cy) / f;
    const Z = back[6] * dx + back[7] * dy + back[8];
    usedN[n] = visibilityTN[t * pointCount + n] && Z > 0.1 ? 1 : 0;
    xyuvN4.set(
      [
        x,
        y,
        (back[0] * dx + back[1] * dy + back[2]) / Z - x,
        (back[3] * dx + back[4] * dy + back[5]) / Z - y,
      ],
      4 * n,
    );
  }
  return { focalPx, xyuvN4, usedN };
}

function halfSphere(): [number, number, number][] {
  const directions: [number, number, number][] = [[0, 0, 1]];
  for (let ring = 1; ring <= RING_COUNT; ring++) {
    const polar = (ring / RING_COUNT) * (Math.PI / 2);
    const steps = Math.max(6, Math.round(2 * Math.PI * Math.sin(polar) * RING_COUNT * 0.64));
    // On the rim opposite directions are one.
    const turn = ring === RING_COUNT ? Math.PI : 2 * Math.PI;
    for (let i = 0; i < steps; i++) {
      const angle = (i / steps) * turn;
      directions.push([
        Math.sin(polar) * Math.cos(angle),
        Math.sin(polar) * Math.sin(angle),
        Math.cos(polar),
      ]);
    }
  }
  return directions;
}

/** Looks around a heading in ever smaller steps. */
function refine(flow: Flow, start: Heading): Heading {
  let best = start;
  for (const step of [0.1, 0.05, 0.025, 0.012]) {
    for (let i = 0; i < 6; i++) {
      const angle = (i / 6) * 2 * Math.PI;
      const [x, y, z] = best.direction;
      const side = Math.abs(z) < 0.9 ? [y, -x, 0] : [0, z, -y];
      const length = Math.hypot(...side);
      const a = side.map((v) => v / length);
      const b = [y * a[2] - z * a[1], z * a[0] - x * a[2], x * a[1] - y * a[0]];
      const moved = [x, y, z].map(
        (v, c) => v + step * (Math.cos(angle) * a[c] + Math.sin(angle) * b[c]),
      );
      const norm = Math.hypot(...moved);
      const next = judge(flow, [moved[0] / norm, moved[1] / norm, moved[2] / norm]);
      if (next.cost < best.cost) best = next;
    }
  }
  return best;
}

const SCALE_PX = 1.5;
const ROUNDS = 4;

function judge({ focalPx, xyuvN4, usedN }: Flow, direction: [number, number, number]): Heading {
  const pointCount = usedN.length;
  const [tx, ty, tz] = direction;
  const turn = new Float64Array(3);
  let cost = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const matrix = new Float64Array(9);
    const right = new Float64Array(3);
    const scale = (SCALE_PX * (round === 0 ? 6 : round === 1 ? 2 : 1)) / focalPx;
    const s2 = scale * scale;
    cost = 0;
    let count = 0;
    for (let n = 0; n < pointCount; n++) {
      if (!usedN[n]) continue;
      const x = xyuvN4[4 * n];
      const y = xyuvN4[4 * n + 1];
      const px = tx - x * tz;
      const py = ty - y * tz;
      const length = Math.hypot(px, py);
      if (length < 1e-6) continue;
      const nx = -py / length;
      const ny = px / length;
      // What turns of 1 about x, y, z shift, across the line.
      const a = -nx * x * y - ny * (1 + y * y);
      const b = nx * (1 + x * x) + ny * x * y;
      const c = -nx * y + ny * x;
      const across = nx * xyuvN4[4 * n + 2] + ny * xyuvN4[4 * n + 3];
      const e = across - (a * turn[0] + b * turn[1] + c * turn[2]);
      const inlier = s2 / (s2 + e * e);
      const w = inlier * inlier;
      cost += e * e * inlier;
      count++;
      matrix[0] += w * a * a;
      matrix[3] += w * b * a;
      matrix[4] += w * b * b;
      matrix[6] += w * c * a;
      matrix[7] += w * c * b;
      matrix[8] += w * c * c;
      right[0] += w * a * e;
      right[1] += w * b * e;
      right[2] += w * c * e;
    }
    cost *= (focalPx * focalPx) / Math.max(1, count);
    if (round === ROUNDS - 1 || count < 8) break;
    for (let i = 0; i < 3; i++) matrix[4 * i] += 1e-6;
    try {
      factorCholesky(matrix, 3);
    } catch {
      break;
    }
    solveCholesky(matrix, 3, right);
    for (let i = 0; i < 3; i++) turn[i] += right[i];
  }
  return {
    direction,
    cost,
    inverseDepthN: depthsAlong({ focalPx, xyuvN4, usedN }, direction, turn),
  };
}

function depthsAlong(
  { xyuvN4, usedN }: Flow,
  [tx, ty, tz]: readonly [number, number, number],
  turn: Float64Array,
): Float64Array {
  const along = Float64Array.from(usedN, (used, n) => {
    const [x, y, u, v] = xyuvN4.subarray(4 * n, 4 * n + 4);
    const px = tx - x * tz;
    const py = ty - y * tz;
    const length2 = px * px + py * py;
    const ru = u - (-x * y * turn[0] + (1 + x * x) * turn[1] - y * turn[2]);
    const rv = v - (-(1 + y * y) * turn[0] + x * y * turn[1] + x * turn[2]);
    // Near the heading's image nothing shifts: the typical depth is as good as any.
    return used ? (ru * px + rv * py) / (length2 + 0.003) : 0;
  });
  const used = along.filter((_, n) => usedN[n] === 1).sort();
  const median = used[used.length >> 1] ?? 0;
  const sign = median < 0 ? -1 : 1;
  const size = Math.max(1e-9, Math.abs(median));
  return along.map((rho, n) => (usedN[n] ? Math.min(4, Math.max(0.1, (sign * rho) / size)) : 1));
}

/** Cameras that only turn, found frame by frame: the start of every search. */
export function cloneTurns(cameras: Cameras): Cameras {
  const out = stillCameras(cameras.frameCount, cameras.focalPxT[0], cameras.centre);
  out.rotationT9.set(cameras.rotationT9);
  return out;
}
