import { invertCameraPath, moveTracks } from "../../domain/camera-view.ts";
import type { Size } from "../../domain/clip.ts";
import { type Constraints, seenBy, VISIBILITY_FREE } from "../../domain/constraints.ts";
import type { Forecast, Future } from "../../domain/forecast.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { compileEdits } from "./compile.ts";

/** Motions that differ by more are of two things: a point between them goes with the nearer one, px. */
const APART_PX = 12;
/** Moments of the tracks at which motions are compared. */
const MOMENTS = 6;
/** Exact edits that a future misses by more were not asked of it, px. */
const OBEYS_PX = 0.1;

/**
 * The forecast with points every `spacing` px beside its own, which come first and stay as they are. What
 * the camera does to a new point is exact where the future has a camera path; the rest it takes from the
 * points around it, bilinearly, but only from those that move as the nearest one does: two things do not
 * smear into each other. A drag or a body takes its new points along exactly. They are seen where the
 * nearest known one is, inside the frame. `size`: of the frame.
 */
export function denserForecast(forecast: Forecast, spacing: number, size: Size): Forecast {
  const { textureN: _, ...rest } = forecast;
  const { queryXyN2, history, futures, truth, edits = [] } = forecast;
  const addedM2 = latticeBeside(queryXyN2, spacing, size);
  if (addedM2.length === 0) return forecast;
  const denseN2 = Float32Array.of(...queryXyN2, ...addedM2);
  const neighbours = neighboursOf(queryXyN2, addedM2, size);
  const densify = (tracks: Tracks) => denser(tracks, queryXyN2, addedM2, neighbours);
  const known = history.pointCount;
  const [asked] = futures.map(({ tracks: { frameCount } }) =>
    compileEdits(edits, standing(denseN2), frameCount, size),
  );
  return {
    ...rest,
    queryXyN2: denseN2,
    history: insideFrame(densify(history), known, size),
    futures: futures.map((future) => {
      const dense = obeying(denserFuture(future, densify), asked, known);
      return { ...dense, tracks: insideFrame(dense.tracks, known, size) };
    }),
    ...(truth ? { truth: insideFrame(densify(truth), known, size) } : {}),
  };
}

/** Hides new points where they end up outside the frame. */
function insideFrame(tracks: Tracks, known: number, size: Size): Tracks {
  const { pointCount, tracksTN2 } = tracks;
  const visibilityTN = tracks.visibilityTN.map((visible, i) => {
    if (i % pointCount < known) return visible;
    return visible && isInsideFrame(tracksTN2[2 * i], tracksTN2[2 * i + 1], size) ? 1 : 0;
  });
  return { ...tracks, visibilityTN };
}

function standing(xyN2: Float32Array): Tracks {
  const tracks = createTracks(1, xyN2.length / 2);
  tracks.tracksTN2.set(xyN2);
  return tracks;
}

/** [M,2] Centres of cells of `spacing` px that no point lies in the middle half of. */
function latticeBeside(xyN2: Float32Array, spacing: number, { width, height }: Size): Float32Array {
  const added: number[] = [];
  const first = (length: number) => ((length - 1) % spacing) / 2;
  for (let y = first(height); y <= height - 1; y += spacing) {
    for (let x = first(width); x <= width - 1; x += spacing) {
      let isTaken = false;
      for (let n = 0; n < xyN2.length && !isTaken; n += 2) {
        isTaken = Math.abs(xyN2[n] - x) < spacing / 4 && Math.abs(xyN2[n + 1] - y) < spacing / 4;
      }
      if (!isTaken) added.push(x, y);
    }
  }
  return Float32Array.from(added);
}

interface Neighbours {
  /** Of a new point: the known ones around it, the nearest first, and their bilinear weights. */
  readonly points: readonly number[];
  readonly weights: readonly number[];
}

function neighboursOf(xyN2: Float32Array, addedM2: Float32Array, size: Size): Neighbours[] {
  const reach = Math.sqrt((2 * size.width * size.height) / xyN2.length);
  return Array.from({ length: addedM2.length / 2 }, (_, m) => {
    const [x, y] = [addedM2[2 * m], addedM2[2 * m + 1]];
    const around: { n: number; weight: number; distance: number }[] = [];
    let nearest = { n: 0, weight: 1, distance: Number.POSITIVE_INFINITY };
    for (let n = 0; n < xyN2.length / 2; n++) {
      const [dx, dy] = [Math.abs(xyN2[2 * n] - x), Math.abs(xyN2[2 * n + 1] - y)];
      const weight = Math.max(0, 1 - dx / reach) * Math.max(0, 1 - dy / reach);
      const one = { n, weight, distance: Math.hypot(dx, dy) };
      if (weight > 0) around.push(one);
      if (one.distance < nearest.distance) nearest = one;
    }
    const sorted = around.length > 0 ? around.sort((a, b) => a.distance - b.distance) : [nearest];
    return {
      points: sorted.map(({ n }) => n),
      weights: sorted.map(({ weight }) => Math.max(weight, 1e-6)),
    };
  });
}

function denserFuture(future: Future, densify: (tracks: Tracks) => Tracks): Future {
  const { cameraPathT6, tracks } = future;
  const inverse = cameraPathT6 && inverseOf(cameraPathT6);
  if (!cameraPathT6 || !inverse) return { ...future, tracks: densify(tracks) };
  const dense = moveTracks(densify(moveTracks(tracks, inverse)), cameraPathT6);
  return { ...future, tracks: withKnown(dense, tracks) };
}

/** Null where the path folds the picture somewhere. */
function inverseOf(path: Float32Array): Float32Array | null {
  try {
    return invertCameraPath(path);
  } catch {
    return null;
  }
}

/** The first points as they were, to the bit. */
function withKnown(dense: Tracks, known: Tracks): Tracks {
  for (let t = 0; t < known.frameCount; t++) {
    const from = 2 * t * known.pointCount;
    dense.tracksTN2.set(
      known.tracksTN2.subarray(from, from + 2 * known.pointCount),
      2 * t * dense.pointCount,
    );
  }
  return dense;
}

function denser(
  known: Tracks,
  nowN2: Float32Array,
  addedM2: Float32Array,
  neighbours: readonly Neighbours[],
): Tracks {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = known;
  const all = pointCount + neighbours.length;
  const out = withKnown(createTracks(frameCount, all), known);
  const moments = Array.from({ length: MOMENTS }, (_, k) =>
    Math.round(((k + 1) / MOMENTS) * (frameCount - 1)),
  );
  const apart = (a: number, b: number) =>
    Math.max(
      ...moments.map((t) => {
        const [i, j] = [2 * (t * pointCount + a), 2 * (t * pointCount + b)];
        const dx = tracksTN2[i] - nowN2[2 * a] - tracksTN2[j] + nowN2[2 * b];
        const dy = tracksTN2[i + 1] - nowN2[2 * a + 1] - tracksTN2[j + 1] + nowN2[2 * b + 1];
        return Math.hypot(dx, dy);
      }),
    );
  for (let t = 0; t < frameCount; t++) {
    out.visibilityTN.set(visibilityTN.subarray(t * pointCount, (t + 1) * pointCount), t * all);
  }
  for (const [m, { points, weights }] of neighbours.entries()) {
    const [nearest] = points;
    const shares = points.map(
      (n, k) => weights[k] * Math.exp(-((apart(n, nearest) / APART_PX) ** 2) / 2),
    );
    const sum = shares.reduce((a, b) => a + b, 0);
    for (let t = 0; t < frameCount; t++) {
      let [x, y] = [addedM2[2 * m], addedM2[2 * m + 1]];
      for (const [k, n] of points.entries()) {
        const i = 2 * (t * pointCount + n);
        x += (shares[k] / sum) * (tracksTN2[i] - nowN2[2 * n]);
        y += (shares[k] / sum) * (tracksTN2[i + 1] - nowN2[2 * n + 1]);
      }
      const o = t * all + pointCount + m;
      out.tracksTN2.set([x, y], 2 * o);
      out.visibilityTN[o] = visibilityTN[t * pointCount + nearest];
    }
  }
  return out;
}

/**
 * New points exactly where edits want them, in a future that obeys these edits at its own points. What
 * lies in the scene under a camera that the user set keeps to the points around it.
 */
function obeying(future: Future, asked: Constraints | null | undefined, known: number): Future {
  if (!asked || asked.frameCount !== future.tracks.frameCount) return future;
  const { weightTN, sceneTN, visibilityTN: told, pointCount, frameCount } = asked;
  const wanted = asked.camera ? asked : seenBy(asked, future.cameraPathT6);
  const tracksTN2 = future.tracks.tracksTN2.slice();
  const visibilityTN = future.tracks.visibilityTN.slice();
  const isExact = (i: number) => weightTN[i] === 1 && !sceneTN?.[i];
  for (let i = 0; i < frameCount * pointCount; i++) {
    if (!isExact(i)) continue;
    if (i % pointCount >= known) {
      tracksTN2.set(wanted.positionsTN2.subarray(2 * i, 2 * i + 2), 2 * i);
      if (told && told[i] !== VISIBILITY_FREE) visibilityTN[i] = told[i];
      continue;
    }
    const dx = tracksTN2[2 * i] - wanted.positionsTN2[2 * i];
    const dy = tracksTN2[2 * i + 1] - wanted.positionsTN2[2 * i + 1];
    if (Math.hypot(dx, dy) > OBEYS_PX) return future;
  }
  return { ...future, tracks: { ...future.tracks, tracksTN2, visibilityTN } };
}
