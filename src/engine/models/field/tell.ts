import { DEFAULT_FOV_DEGREES, focalPxOfFov } from "../../../domain/pinhole.ts";
import type { DepthGuess, ReliefRequest } from "../../../domain/space-field.ts";
import {
  type Observations,
  pickFrames,
  pickPoints,
  spreadFrames,
} from "../../space/observations.ts";
import { nearest } from "../../space/surface.ts";
import type { GraphRunner, GraphTensor } from "../graph-runner.ts";
import { releaseAll } from "../release-all.ts";
import { overAllFrames } from "./paths.ts";

/** Most frames and points that a network is asked about at once. */
export interface Most {
  readonly frames: number;
  readonly points: number;
  /** Whether it tells the way of camera and points, too (`tellsPaths`). */
  readonly paths?: boolean;
}

const OUTPUTS = ["inverse_depth", "sigma_log", "moving"] as const;
const PATH_OUTPUTS = ["met_depth", "rotation", "translation", "control"] as const;

/**
 * What a `field` pack (domain/pack/field.ts) tells of the points of the anchor frame, from at most
 * `most.frames` frames spread over the tracks, at the studio's focal length where none is given. Of more
 * points than `most.points` some are asked about and the others told by those around them. Null for too
 * short a past, and where a number is not finite.
 */
export async function tellDepths(
  runner: GraphRunner,
  most: Most,
  { tracks, anchorFrame, size }: Pick<ReliefRequest, "tracks" | "anchorFrame" | "size">,
  focalPx = focalPxOfFov(DEFAULT_FOV_DEGREES, size),
): Promise<DepthGuess | null> {
  if (tracks.frameCount < 3) return null;
  const frames = spreadFrames(tracks.frameCount, anchorFrame, most.frames - 1);
  const all = pickFrames({ tracks, anchorFrame }, frames);
  const stride = Math.ceil(tracks.pointCount / most.points);
  const asked = Array.from({ length: Math.ceil(tracks.pointCount / stride) }, (_, i) => i * stride);
  const picked = stride > 1 ? pickPoints(all, asked) : all;
  const { pointCount } = picked.tracks;
  const { tracksTN2, visibilityTN } = picked.tracks;
  const at = 2 * picked.anchorFrame * pointCount;
  const inputs: Record<string, GraphTensor> = {
    tracks: runner.upload([frames.length, pointCount, 2], tracksTN2),
    visibility: runner.upload([frames.length, pointCount], Float32Array.from(visibilityTN)),
    queries: runner.upload([pointCount, 2], tracksTN2.slice(at, at + 2 * pointCount)),
    focal: runner.upload([1], Float32Array.of(focalPx)),
  };
  try {
    const names = most.paths ? [...OUTPUTS, ...PATH_OUTPUTS] : OUTPUTS;
    const outputs = await runner.run("tell", inputs, names);
    try {
      const arrays = await Promise.all(names.map((name) => runner.read(outputs[name])));
      if (!arrays.every((a) => a.every(Number.isFinite))) return null;
      const [inverseDepthN, sigmaLogN, movingN, metDepthN, rotationT9, translationT3, wayNK3] =
        arrays;
      const told = { inverseDepthN, sigmaLogN, movingN };
      const path = { metDepthN, rotationT9, translationT3, wayNK3 };
      const guess = most.paths
        ? { ...told, path: overAllFrames(path, frames, tracks.frameCount) }
        : told;
      return stride > 1 ? spreadOver(all, asked, guess) : guess;
    } finally {
      releaseAll(runner, outputs);
    }
  } finally {
    releaseAll(runner, inputs);
  }
}

const NEIGHBOURS = 4;

/** A point between those that were asked about is as deep as the nearest few, and as sure as they agree. */
function spreadOver(
  { tracks, anchorFrame }: Observations,
  asked: readonly number[],
  guess: DepthGuess,
): DepthGuess {
  const { pointCount } = tracks;
  const at = 2 * anchorFrame * pointCount;
  const anchorN2 = tracks.tracksTN2.subarray(at, at + 2 * pointCount);
  const numbers = asked.map((_, i) => i);
  const size = (guess.path?.wayNK3.length ?? 0) / asked.length;
  const wayNK3 = new Float32Array(pointCount * size);
  const askedN2 = asked.flatMap((n) => [anchorN2[2 * n], anchorN2[2 * n + 1]]);
  const out = {
    inverseDepthN: new Float32Array(pointCount),
    sigmaLogN: new Float32Array(pointCount),
    movingN: new Float32Array(pointCount),
  };
  const metDepthN = new Float32Array(guess.path ? pointCount : 0);
  for (let n = 0; n < pointCount; n++) {
    const around = nearest(numbers, askedN2, [anchorN2[2 * n], anchorN2[2 * n + 1]], NEIGHBOURS);
    const weights = around.map(({ distance }) => 1 / (distance * distance + 1));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const mean = (of: (i: number) => number) =>
      around.reduce((sum, own, k) => sum + weights[k] * of(own.n), 0) / total;
    const log = mean((i) => Math.log(guess.inverseDepthN[i]));
    out.inverseDepthN[n] = Math.exp(log);
    out.sigmaLogN[n] = Math.sqrt(
      mean((i) => guess.sigmaLogN[i] ** 2 + (Math.log(guess.inverseDepthN[i]) - log) ** 2),
    );
    out.movingN[n] = mean((i) => guess.movingN[i]);
    const { path } = guess;
    if (path) metDepthN[n] = Math.exp(mean((i) => Math.log(path.metDepthN[i])));
    for (let k = 0; k < size; k++) {
      wayNK3[n * size + k] = mean((i) => guess.path?.wayNK3[i * size + k] ?? 0);
    }
  }
  return guess.path ? { ...out, path: { ...guess.path, metDepthN, wayNK3 } } : out;
}
