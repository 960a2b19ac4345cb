import { FormatError } from "../../domain/errors.ts";
import type { Exploration } from "../../domain/exploration.ts";
import type { PictureSight } from "../../domain/latent.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { paperParzenNll } from "../metrics/parzen.ts";
import {
  auroc,
  leastDistance,
  rmsDistance,
  rmsEnergyScore,
  variogramScore,
} from "../metrics/picture-scores.ts";
import { randomStream } from "../random/philox.ts";
import { createSketch, rowDistance, SKETCH_SIZE } from "./sketch.ts";
import { stabilised } from "./stabilised.ts";

/** How the futures of a picture stand against what really followed; px of the working frame. */
export interface Judgement {
  readonly rows: readonly JudgedRow[];
  /** Chance that a point that moved was given the higher probability to; NaN where none or all moved. */
  readonly whereAuroc: number;
  /** Number of the mode that the truth falls to, 0 = nothing moves. */
  readonly truthMode: number;
}

export interface JudgedRow {
  readonly name: string;
  /** Expected least distance of n = 1…curve.length draws; of one number for what draws nothing. */
  readonly curve: readonly number[];
  /** Absent where there is only one future. */
  readonly energy?: number;
  readonly variogram?: number;
  /** As the paper has it; at the best widths for this very truth, which flatters every row alike. */
  readonly parzenNll?: number | undefined;
}

const MOST_DRAWS = 50;
/** Futures whose distances from each other are measured; the estimate is unbiased for any number. */
const SPREAD_FUTURES = 40;
/** A point moves if it is further than this from its place at some time within a second, px. */
const MOVED_PX = 12.5;
const PAIRS = 400;

/** Other forecasts of the same picture. */
export interface Rivals {
  /** Futures of a prior that is shown no picture; without one, scenarios that learnt nothing. */
  readonly blind: readonly Tracks[];
  readonly blindName: string;
  /** The one future of a regressor; without one, the mean of the model's own futures. */
  readonly regressor?: Tracks | undefined;
}

/**
 * `drawn`: the model's futures, against its rivals and against nothing moving. `tracked`: what followed,
 * with the camera's motion, which is taken out of it.
 * @throws FormatError where the camera cannot be told from the first frame on.
 */
export function judge(
  exploration: Exploration,
  drawn: readonly Tracks[],
  { blind, blindName, regressor }: Rivals,
  tracked: Tracks,
  fps: number,
): Judgement {
  const { sight } = exploration;
  const truth = stabilised(tracked, sight.queryXyN2, sight);
  if (!truth.visibilityTN.some(Boolean)) {
    throw new FormatError(
      "What followed cannot be compared: its camera moves too fast to be told",
      "Choose another “now”.",
    );
  }
  const one = regressor ?? meanOf(drawn);
  return {
    rows: [
      rowOf("this model", drawn, truth, sight, fps),
      rowOf(blindName, blind, truth, sight, fps),
      rowOf(regressor ? "regressor" : "mean of this model", [one], truth, sight, fps),
      rowOf("nothing moves", [stillTracks(sight)], truth, sight, fps),
    ],
    whereAuroc: auroc(sight.movingN, movedPoints(truth, sight, fps)),
    truthMode: modeOfTruth(exploration, truth),
  };
}

function rowOf(
  name: string,
  futures: readonly Tracks[],
  truth: Tracks,
  { queryXyN2, movingN, width, height }: PictureSight,
  fps: number,
): JudgedRow {
  const distances = futures.map((future) => rmsDistance(future, truth, truth.visibilityTN));
  const most = Math.min(MOST_DRAWS, futures.length);
  const curve = Array.from({ length: most }, (_, i) => leastDistance(distances, i + 1));
  const parzenNll = paperParzenNll(futures, truth, { fps, startN2: queryXyN2, width, height });
  if (futures.length === 1) return { name, curve, parzenNll };
  const some = futures.slice(0, SPREAD_FUTURES);
  const last = truth.frameCount - 1;
  const frames = [Math.floor(last / 4), Math.floor(last / 2), last];
  const pairs = { pairsM2: somePairs(movingN.length), frames, xyN2: queryXyN2 };
  return {
    name,
    curve,
    energy: rmsEnergyScore(some, truth),
    variogram: variogramScore(some, truth, pairs),
    parzenNll,
  };
}

/** The same pairs for every clip. */
function somePairs(pointCount: number): number[] {
  const random = randomStream(1, 12);
  return Array.from({ length: PAIRS }, () => {
    const a = random.below(pointCount);
    return [a, (a + 1 + random.below(pointCount - 1)) % pointCount];
  }).flat();
}

function stillTracks({ frameCount, queryXyN2 }: PictureSight): Tracks {
  const tracks = createTracks(frameCount, queryXyN2.length / 2);
  for (let t = 0; t < frameCount; t++) tracks.tracksTN2.set(queryXyN2, t * queryXyN2.length);
  return tracks;
}

function meanOf(futures: readonly Tracks[]): Tracks {
  const tracksTN2 = new Float32Array(futures[0].tracksTN2.length);
  for (const future of futures) {
    for (let i = 0; i < tracksTN2.length; i++) tracksTN2[i] += future.tracksTN2[i] / futures.length;
  }
  return { ...futures[0], tracksTN2 };
}

function movedPoints(truth: Tracks, { queryXyN2 }: PictureSight, fps: number): boolean[] {
  const { pointCount, tracksTN2, visibilityTN } = truth;
  const frames = Math.min(truth.frameCount, Math.round(fps));
  return Array.from({ length: pointCount }, (_, n) => {
    for (let t = 0; t < frames; t++) {
      const i = t * pointCount + n;
      const [dx, dy] = [
        tracksTN2[2 * i] - queryXyN2[2 * n],
        tracksTN2[2 * i + 1] - queryXyN2[2 * n + 1],
      ];
      if (visibilityTN[i] && Math.hypot(dx, dy) > MOVED_PX) return true;
    }
    return false;
  });
}

/** The truth as a field of the model's time basis; what is not seen stays where it was last. */
function modeOfTruth({ sight, modes, sketchKQ }: Exploration, truth: Tracks): number {
  const { frameCount, timeBasisCT, queryXyN2 } = sight;
  const pointCount = queryXyN2.length / 2;
  const count = timeBasisCT.length / frameCount;
  const field = new Float32Array(count * 2 * pointCount);
  const last = queryXyN2.slice();
  for (let t = 0; t < frameCount; t++) {
    const from = 2 * pointCount * t;
    for (let i = 0; i < 2 * pointCount; i++) {
      if (truth.visibilityTN[t * pointCount + (i >> 1)]) last[i] = truth.tracksTN2[from + i];
      const moved = last[i] - queryXyN2[i];
      for (let c = 0; c < count; c++) {
        field[(2 * c + (i % 2)) * pointCount + (i >> 1)] += timeBasisCT[c * frameCount + t] * moved;
      }
    }
  }
  // The truth beside nothing moving and the medoids: the nearest of them names it.
  const rows = new Float32Array((2 + modes.groups.length) * SKETCH_SIZE);
  createSketch(sight).fold(field, rows.subarray(0, SKETCH_SIZE));
  modes.groups.forEach(({ medoid }, m) => {
    const own = sketchKQ.subarray(medoid * SKETCH_SIZE, (medoid + 1) * SKETCH_SIZE);
    rows.set(own, (2 + m) * SKETCH_SIZE);
  });
  const numbers = [0, ...modes.groups.map(({ number }) => number)];
  const away = numbers.map((_, i) => rowDistance(rows, 0, 1 + i));
  return numbers[away.indexOf(Math.min(...away))];
}
