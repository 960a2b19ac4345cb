import { z } from "zod";
import { bandPass, gaussian, smoothed, withoutTrend } from "./band.ts";
import type { AuthoredPath, EditKind, EditScene } from "./kind.ts";
import { COMMON_DEFAULTS, commonFields, editPoint, framesWithin, onceFor } from "./kind.ts";
import { type Motion, motionSchema } from "./motion.ts";

const MAX_HZ = 500;

/**
 * Points whose own motion is made larger: `motion` holds what each does, its first frame at "now". Of
 * that the part between `lowHz` and `highHz` is smoothed, over `smoothFrames` in time and over neighbours
 * that move alike, and multiplied by `gain`; the rest stays. Frames of the motion are those of the
 * horizon, at the same rate.
 */
export const magnifySchema = z.object({
  ...commonFields,
  kind: z.literal("magnify"),
  points: z.array(editPoint).min(1).max(16_384),
  motion: motionSchema,
  gain: z.number().min(0).max(1000),
  lowHz: z.number().min(0).max(MAX_HZ),
  highHz: z.number().min(0).max(MAX_HZ),
  smoothFrames: z.number().min(0).max(100),
});

export type MagnifyEdit = z.infer<typeof magnifySchema>;

/** Neighbours smooth each other within this, px. */
const NEAR_PX = 32;
/** Motions that differ by less are alike, px, beside their own length. */
const ALIKE_PX = 0.2;
/** A picture whose cells shrink below this share folds over. */
const LEAST_CELL = 0.2;
/** And by so much more, where it is nearly so small without a gain. */
const NARROWING = 0.1;
/** What noise may become, px. */
const NOISE_PX = 1;
const MOST_GAIN = 1000;

export const magnifyKind: EditKind<MagnifyEdit> = {
  label: "Magnify",
  paths: (edit, scene) => pathsOnce(edit, scene),
  handles(edit, scene) {
    const [, last] = framesWithin(edit.frames, scene.frameCount);
    return pathsOnce(edit, scene).map(({ point, positionsT2 }) => {
      const [fromX, fromY] = scene.startN2.subarray(2 * point, 2 * point + 2);
      const [x, y] = positionsT2.subarray(-2);
      return { frame: last, x, y, fromX, fromY };
    });
  },
  mapped(edit, mapping) {
    const members = edit.points.flatMap((from, i) => {
      const point = mapping.point(from);
      return point === null || !edit.motion.pathsNM[i] ? [] : [{ point, i }];
    });
    const kept = members.filter(
      ({ point }, k) => members.findIndex((m) => m.point === point) === k,
    );
    if (kept.length === 0) return null;
    const pathsNM = kept.map(({ i }) =>
      retimed(edit.motion.pathsNM[i], mapping.rate, mapping.place),
    );
    const motion = { ...edit.motion, fps: edit.motion.fps * mapping.rate, pathsNM, seenN: [] };
    return { ...edit, points: kept.map(({ point }) => point), motion };
  },
  withFrames: (edit, frames) => ({ ...edit, frames: [frames[0], frames[1]] }),
};

function retimed(
  path: readonly number[],
  rate: number,
  place: (at: readonly [number, number]) => [number, number],
): number[] {
  const count = Math.max(1, Math.floor((path.length / 2 - 1) * rate) + 1);
  return Array.from({ length: count }).flatMap((_, t) => {
    const at = Math.min(path.length / 2 - 1, t / rate);
    const [low, high] = [Math.floor(at), Math.ceil(at)];
    const mix = (k: number) =>
      path[2 * low + k] + (at - low) * (path[2 * high + k] - path[2 * low + k]);
    return place([mix(0), mix(1)]);
  });
}

/** What is made of a motion before the gain: all [T] per point and axis, px from where it starts. */
interface Parts {
  /** Per point: x then y. */
  readonly own: readonly (readonly [Float64Array, Float64Array])[];
  readonly band: readonly (readonly [Float64Array, Float64Array])[];
  /** Deviation of the tracker's noise in the band, px. */
  readonly noisePx: number;
}

const partsOnce = onceFor(partsOf);
const pathsOnce = onceFor(pathsOf);

function pathsOf(edit: MagnifyEdit, scene: EditScene): readonly AuthoredPath[] {
  const { startN2, frameCount } = scene;
  const [first, last] = framesWithin(edit.frames, frameCount);
  const { own, band } = partsOnce(edit, scene);
  const gains = gainsOf(edit, scene);
  return edit.points.slice(0, own.length).flatMap((point, i) => {
    const end = Math.min(last, own[i][0].length - 2);
    if (2 * point >= startN2.length || end < first) return [];
    const positionsT2 = new Float32Array(2 * (end - first + 1));
    for (let f = first; f <= end; f++) {
      for (const axis of [0, 1] as const) {
        const moved = own[i][axis][f + 1] + (gains[i] - 1) * band[i][axis][f + 1];
        positionsT2[2 * (f - first) + axis] = startN2[2 * point + axis] + moved;
      }
    }
    return [{ point, positionsT2 }];
  });
}

function partsOf({ motion, smoothFrames, lowHz, highHz }: MagnifyEdit): Parts {
  const { pathsNM, fps } = motion;
  const own = pathsNM.map((path): [Float64Array, Float64Array] => [
    axisOf(path, 0),
    axisOf(path, 1),
  ]);
  const inTime = gaussian(smoothFrames);
  const steady = own.map(([x, y]): [Float64Array, Float64Array] => [
    smoothed(x, inTime),
    smoothed(y, inTime),
  ]);
  const weights = neighbourWeights(pathsNM, steady);
  const band = weights.map((row): [Float64Array, Float64Array] => {
    const mixed = ([0, 1] as const).map((axis) => {
      const sum = new Float64Array(own[0][0].length);
      for (const [i, w] of row) {
        for (let t = 0; t < sum.length; t++) sum[t] += w * (steady[i][axis][t] ?? 0);
      }
      // A drift has a share in every band, were it not taken out.
      const part = bandPass(lowHz > 0 ? withoutTrend(sum) : sum, fps, [lowHz, highHz]);
      // It begins where the picture is.
      return part.map((v) => v - part[0]);
    });
    return [mixed[0], mixed[1]];
  });
  const inSpace = weights.reduce((sum, row) => sum + Math.hypot(...row.map(([, w]) => w)), 0);
  const passes = Math.min(1, (2 * Math.max(0, Math.min(highHz, fps / 2) - lowHz)) / fps);
  const factor = (Math.hypot(...inTime) * inSpace) / Math.max(1, weights.length);
  return { own, band, noisePx: noiseOf(own) * factor * Math.sqrt(passes) };
}

function axisOf(path: readonly number[], axis: number): Float64Array {
  return Float64Array.from({ length: path.length / 2 }, (_, t) => path[2 * t + axis] - path[axis]);
}

/** Of each point: neighbours that move alike, itself included, and their weights, which sum to 1. */
function neighbourWeights(
  pathsNM: Motion["pathsNM"],
  steady: readonly (readonly [Float64Array, Float64Array])[],
): readonly (readonly (readonly [number, number])[])[] {
  const apart2 = (a: number, b: number) => {
    let sum = 0;
    const length = Math.min(steady[a][0].length, steady[b][0].length);
    for (const axis of [0, 1] as const) {
      for (let t = 0; t < length; t++) sum += (steady[a][axis][t] - steady[b][axis][t]) ** 2;
    }
    return sum / length;
  };
  const own2 = steady.map(([x, y]) => [...x, ...y].reduce((sum, v) => sum + v * v, 0) / x.length);
  return pathsNM.map((path, a) => {
    const row: [number, number][] = [];
    for (const [b, other] of pathsNM.entries()) {
      const d2 = (other[0] - path[0]) ** 2 + (other[1] - path[1]) ** 2;
      if (d2 > (3 * NEAR_PX) ** 2) continue;
      const scale2 = 0.25 * own2[a] + ALIKE_PX * ALIKE_PX;
      row.push([b, Math.exp(-d2 / (2 * NEAR_PX ** 2) - apart2(a, b) / (2 * scale2))]);
    }
    const sum = row.reduce((total, [, w]) => total + w, 0);
    return row.map(([b, w]) => [b, w / sum] as const);
  });
}

/** Deviation of the tracker's noise, px: by second differences, which slow motion does not reach. */
function noiseOf(own: Parts["own"]): number {
  const bends: number[] = [];
  for (const axes of own) {
    for (const v of axes) {
      for (let t = 1; t + 1 < v.length; t++) bends.push(Math.abs(v[t - 1] - 2 * v[t] + v[t + 1]));
    }
  }
  bends.sort((a, b) => a - b);
  // Median of |N(0, 6σ²)|.
  return (bends[bends.length >> 1] ?? 0) / 0.6745 / Math.sqrt(6);
}

export interface MagnifyBounds {
  /** Gain at which the tracker's noise becomes a pixel. */
  readonly noise: number;
  /** Gain above which the picture would fold over somewhere: points there keep to less. */
  readonly fold: number;
  /** How many points keep to less than the edit's gain, and the least gain of one of them. */
  readonly heldBack: number;
  readonly least: number;
}

/** How much a magnification bears; 1000 where nothing bounds it. */
export function magnifyBounds(edit: MagnifyEdit, scene: EditScene): MagnifyBounds {
  const { noisePx } = partsOnce(edit, scene);
  const most = foldGains({ ...edit, gain: MOST_GAIN }, scene);
  const gains = gainsOf(edit, scene);
  return {
    noise: Math.min(MOST_GAIN, NOISE_PX / Math.max(noisePx, 1e-6)),
    fold: Math.min(...most),
    heldBack: gains.filter((gain) => gain < edit.gain).length,
    least: Math.min(...gains),
  };
}

function gainsOf(edit: MagnifyEdit, scene: EditScene): readonly number[] {
  const most = foldGains(edit, scene);
  const starts = edit.motion.pathsNM;
  // Both sides of a cell keep to what it bears.
  return starts.map(([x, y]) =>
    starts.reduce((least, [u, v], n) => {
      return Math.hypot(u - x, v - y) < 2 * NEAR_PX ? Math.min(least, most[n]) : least;
    }, edit.gain),
  );
}

/**
 * Of each point: the largest gain, up to the edit's, with which its cell stays open in every frame. Where
 * it is folded over by what the points do of themselves, the gain is not what folds it.
 */
function foldGains(edit: MagnifyEdit, scene: EditScene): readonly number[] {
  const { own, band } = partsOnce(edit, scene);
  const starts = edit.motion.pathsNM;
  return starts.map((_, i) => {
    const beside = neighbour(starts, i, 0);
    const below = neighbour(starts, i, 1);
    if (beside === null || below === null) return Math.max(1, edit.gain);
    /** Of what the cell is at "now". */
    const shareOf = (t: number, gain: number) => {
      const at = (n: number, axis: 0 | 1) =>
        starts[n][axis] + (own[n][axis][t] ?? 0) + (gain - 1) * (band[n][axis][t] ?? 0);
      const [ax, ay] = [at(beside, 0) - at(i, 0), at(beside, 1) - at(i, 1)];
      const [bx, by] = [at(below, 0) - at(i, 0), at(below, 1) - at(i, 1)];
      const whole =
        (starts[beside][0] - starts[i][0]) * (starts[below][1] - starts[i][1]) -
        (starts[beside][1] - starts[i][1]) * (starts[below][0] - starts[i][0]);
      return (ax * by - ay * bx) / whole;
    };
    const least = Array.from(own[i][0], (_, t) => {
      const free = shareOf(t, 1);
      return free < LEAST_CELL ? Number.NEGATIVE_INFINITY : Math.min(LEAST_CELL, free - NARROWING);
    });
    const isOpen = (gain: number) => least.every((share, t) => shareOf(t, gain) >= share);
    if (isOpen(edit.gain)) return Math.max(1, edit.gain);
    let [low, high] = [1, edit.gain];
    for (let step = 0; step < 12; step++) {
      const middle = (low + high) / 2;
      if (isOpen(middle)) low = middle;
      else high = middle;
    }
    return low;
  });
}

/** The nearest point to the right (0) or below (1), more along that axis than across it. */
function neighbour(starts: Motion["pathsNM"], i: number, axis: 0 | 1): number | null {
  let found: number | null = null;
  let least = 2 * NEAR_PX;
  for (const [n, other] of starts.entries()) {
    const along = other[axis] - starts[i][axis];
    const across = Math.abs(other[1 - axis] - starts[i][1 - axis]);
    if (along <= 0 || across > along / 2) continue;
    const distance = Math.hypot(along, across);
    if (distance < least) [found, least] = [n, distance];
  }
  return found;
}

/** A magnification of a motion over its whole length. */
export function magnifyOf(
  { id, name }: Pick<MagnifyEdit, "id" | "name">,
  points: readonly number[],
  motion: Motion,
): MagnifyEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  return {
    ...common,
    ease: [...ease],
    space: "scene",
    id,
    name,
    kind: "magnify",
    frames: [0, Math.max(0, motion.pathsNM[0].length / 2 - 2)],
    points: [...points],
    motion,
    gain: 8,
    lowHz: 0,
    highHz: motion.fps / 2,
    smoothFrames: 1.5,
  };
}
