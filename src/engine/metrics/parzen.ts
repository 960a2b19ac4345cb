import type { Tracks } from "../../domain/tracks.ts";

/**
 * Parzen likelihood as An Uncertain Future has it (Walker et al., 2016), for comparison with the paper
 * alone: in thousands of dimensions it tells little but the distance of the nearest sample, means beat
 * true samples, more samples lower it without end, and shares do not enter (Theis et al., 2016).
 */
export interface ParzenGround {
  readonly fps: number;
  /** [N,2] videoPx at "now". */
  readonly startN2: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

const COEFFICIENTS = 5;
/** Moments of the first second that are looked at, as of the validation clips. */
const MOMENTS = 4;
/** Fewer points that are known all along tell no field. */
const LEAST_POINTS = 100;
const WIDTHS = Array.from({ length: 13 }, (_, i) => 2 ** (i - 4));
/** The widths tried, times these: of fields of length 1, and of lengths in 1000ths of the frame. */
const SHAPE_SCALE = 0.01;
const LENGTH_SCALE = 4;

/**
 * Negative log-likelihood of the truth, nats: five cosines an axis and point over a second, in 1000ths of
 * the frame; the field divided by its lengths along x and y, and these lengths, each under equal Gaussians
 * about the futures, with the width that is best for this very truth. The field's is given for all points,
 * however many are known. Undefined where too little is known, or something does not move at all.
 */
export function paperParzenNll(
  futures: readonly Tracks[],
  truth: Tracks,
  ground: ParzenGround,
): number | undefined {
  const frames = Array.from({ length: MOMENTS }, (_, q) => momentFrame(q, ground.fps));
  if (truth.frameCount <= frames[MOMENTS - 1]) return undefined;
  const all = Array.from({ length: truth.pointCount }, (_, n) => n);
  const known = all.filter((n) =>
    frames.every((t) => truth.visibilityTN[t * truth.pointCount + n]),
  );
  if (known.length < LEAST_POINTS) return undefined;
  const fieldOf = (tracks: Tracks) => normalised(tracks, frames, known, ground);
  const [real, drawn] = [fieldOf(truth), futures.map(fieldOf)];
  if ([real, ...drawn].some(({ lengths }) => lengths.some((length) => length <= 0)))
    return undefined;
  const shape = drawn.map(({ values }) => squaredDistance(values, real.values));
  const lengths = drawn.map((future) => squaredDistance(future.lengths, real.lengths));
  const dimensions = real.values.length;
  const perNumber = best(shape, dimensions, SHAPE_SCALE) / dimensions;
  return 2 * COEFFICIENTS * truth.pointCount * perNumber + best(lengths, 2, LENGTH_SCALE);
}

/** The working frame after "now", from 0, at which a quarter of the second ends. */
function momentFrame(quarter: number, fps: number): number {
  return Math.max(0, Math.round(((quarter + 1) * fps) / MOMENTS) - 1);
}

/** Coefficients of the known points, of length 1 along x and along y, and these lengths. */
function normalised(
  { tracksTN2, pointCount }: Tracks,
  frames: readonly number[],
  known: readonly number[],
  { startN2, width, height }: ParzenGround,
) {
  const axes = [1000 / width, 1000 / height].map((unit, axis) => {
    const values = new Float64Array(COEFFICIENTS * known.length);
    for (const [i, n] of known.entries()) {
      for (const [q, t] of frames.entries()) {
        const moved = tracksTN2[2 * (t * pointCount + n) + axis] - startN2[2 * n + axis];
        for (let k = 0; k < COEFFICIENTS; k++) {
          values[i * COEFFICIENTS + k] += cosine(k, q) * unit * moved;
        }
      }
    }
    return { values, length: Math.sqrt(values.reduce((sum, v) => sum + v * v, 0)) };
  });
  return {
    lengths: axes.map(({ length }) => length),
    values: axes.flatMap(({ values, length }) => Array.from(values, (v) => v / length)),
  };
}

/** Orthonormal DCT-II over the moments. */
function cosine(k: number, moment: number): number {
  const scale = Math.sqrt((k === 0 ? 1 : 2) / MOMENTS);
  return scale * Math.cos((Math.PI / MOMENTS) * k * (moment + 0.5));
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

/** Least negative log-likelihood over the widths, of squared distances to the futures. */
function best(squares: readonly number[], dimensions: number, scale: number): number {
  return Math.min(...WIDTHS.map((width) => parzenNll(squares, dimensions, scale * width)));
}

/** Negative log-likelihood under equal Gaussians of deviation `width`, nats. */
export function parzenNll(squares: readonly number[], dimensions: number, width: number): number {
  const logs = squares.map(
    (square) => -square / (2 * width ** 2) - dimensions * Math.log(width * Math.sqrt(2 * Math.PI)),
  );
  const most = Math.max(...logs);
  const mean = logs.reduce((sum, log) => sum + Math.exp(log - most), 0) / logs.length;
  return -(most + Math.log(mean));
}
