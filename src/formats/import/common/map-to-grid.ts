import { FormatError } from "../../../domain/errors.ts";
import { CELL } from "../../../domain/grid.ts";
import { createTracks, type Tracks } from "../../../domain/tracks.ts";

/** How tracks of any points become tracks of the grid. */
export interface GridMapping {
  /** The reference frame lies exactly on the query points. */
  readonly tracks: Tracks;
  /** [Q] source track nearest to each query point in the reference frame; −1 = hole. */
  readonly nearestQ: Int32Array;
  /** [Q] distance to it in px; Infinity for a hole. */
  readonly distanceQ: Float32Array;
  readonly holes: number;
}

/** No track within one cell and a half speaks for a query point: its neighbours' motion may not be its own. */
export const MAX_DISTANCE_PX = 1.5 * CELL;
const NEIGHBOURS = 3;
/** Tracks closer than this to the query point are taken as that point itself. */
const SAME_POINT_PX = 0.5;

/**
 * Moves the query points as the tracks around them move. The reference frame is the one in which they lie on
 * the queries: "now", the last one, unless said otherwise. The rule, for each query point q:
 * 1. Its sources are the at most 3 nearest tracks that are visible in the reference frame and within
 *    48 px. A track within half a pixel of q is its only source.
 * 2. Weights are 1 / distance², normalised over the sources visible in a frame; where none is visible,
 *    over all of them.
 * 3. Position in frame t = q + Σ weight · (source(t) − source(reference)), so the reference frame lies on q exactly.
 * 4. q is visible in frame t when its nearest source is.
 * 5. Without a source q is a hole: it stands still and is hidden in every frame.
 *
 * @param queryXyQ2 [Q,2] (x,y) videoPx.
 * @throws FormatError when no track at all is near a query point.
 */
export function mapToGrid(
  source: Tracks,
  queryXyQ2: Float32Array,
  referenceFrame = source.frameCount - 1,
): GridMapping {
  const count = queryXyQ2.length / 2;
  const { frameCount } = source;
  if (!Number.isInteger(referenceFrame) || referenceFrame < 0 || referenceFrame >= frameCount) {
    throw new FormatError(
      `Frame ${referenceFrame} is not in the tracks`,
      `Choose a frame from 0 to ${frameCount - 1}.`,
    );
  }
  const tracks = createTracks(frameCount, count);
  const nearestQ = new Int32Array(count).fill(-1);
  const distanceQ = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  const buckets = bucketByCell(source, referenceFrame);
  let holes = 0;
  for (let q = 0; q < count; q++) {
    const x = queryXyQ2[2 * q];
    const y = queryXyQ2[2 * q + 1];
    const sources = nearestSources(source, referenceFrame, buckets, x, y);
    if (sources.length === 0) {
      holes++;
      for (let t = 0; t < frameCount; t++) tracks.tracksTN2.set([x, y], 2 * (t * count + q));
      continue;
    }
    nearestQ[q] = sources[0].index;
    distanceQ[q] = sources[0].distance;
    follow(source, referenceFrame, sources, tracks, q, [x, y]);
  }
  if (holes === count) {
    throw new FormatError(
      "No imported track is visible near the grid at “now”",
      "Check the picture size, the order of x and y, and the frame of “now”.",
    );
  }
  return { tracks, nearestQ, distanceQ, holes };
}

interface Source {
  readonly index: number;
  readonly distance: number;
}

function bucketByCell(source: Tracks, referenceFrame: number): Map<string, number[]> {
  const buckets = new Map<string, number[]>();
  for (let n = 0; n < source.pointCount; n++) {
    const i = referenceFrame * source.pointCount + n;
    if (!source.visibilityTN[i]) continue;
    const key = cellKey(source.tracksTN2[2 * i], source.tracksTN2[2 * i + 1]);
    const bucket = buckets.get(key);
    if (bucket) bucket.push(n);
    else buckets.set(key, [n]);
  }
  return buckets;
}

function cellKey(x: number, y: number): string {
  return `${Math.floor(x / MAX_DISTANCE_PX)},${Math.floor(y / MAX_DISTANCE_PX)}`;
}

function nearestSources(
  source: Tracks,
  referenceFrame: number,
  buckets: ReadonlyMap<string, readonly number[]>,
  x: number,
  y: number,
): Source[] {
  const found: Source[] = [];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const key = cellKey(x + dx * MAX_DISTANCE_PX, y + dy * MAX_DISTANCE_PX);
      for (const index of buckets.get(key) ?? []) {
        const i = 2 * (referenceFrame * source.pointCount + index);
        const distance = Math.hypot(source.tracksTN2[i] - x, source.tracksTN2[i + 1] - y);
        if (distance <= MAX_DISTANCE_PX) found.push({ index, distance });
      }
    }
  }
  found.sort((a, b) => a.distance - b.distance || a.index - b.index);
  return found.slice(0, found[0]?.distance < SAME_POINT_PX ? 1 : NEIGHBOURS);
}

function follow(
  source: Tracks,
  referenceFrame: number,
  sources: readonly Source[],
  out: Tracks,
  q: number,
  [x, y]: readonly [number, number],
): void {
  const N = source.pointCount;
  for (let t = 0; t < out.frameCount; t++) {
    const seen = sources.filter(({ index }) => source.visibilityTN[t * N + index]);
    const used = seen.length > 0 ? seen : sources;
    let weights = 0;
    let dx = 0;
    let dy = 0;
    for (const { index, distance } of used) {
      const weight = 1 / Math.max(distance, SAME_POINT_PX) ** 2;
      const at = 2 * (t * N + index);
      const reference = 2 * (referenceFrame * N + index);
      weights += weight;
      dx += weight * (source.tracksTN2[at] - source.tracksTN2[reference]);
      dy += weight * (source.tracksTN2[at + 1] - source.tracksTN2[reference + 1]);
    }
    const o = t * out.pointCount + q;
    out.tracksTN2[2 * o] = x + dx / weights;
    out.tracksTN2[2 * o + 1] = y + dy / weights;
    out.visibilityTN[o] = source.visibilityTN[t * N + sources[0].index];
  }
}
