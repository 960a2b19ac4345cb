import { z } from "zod";
import type { AuthoredPath, EditKind, EditScene } from "./kind.ts";
import {
  COMMON_DEFAULTS,
  commonFields,
  editPoint,
  editPx,
  framesWithin,
  mappedPoints,
  onceFor,
} from "./kind.ts";
import { evenLaying, type Laying, pairsLaying } from "./laying.ts";
import { cameraAt, isSeenAt, type Motion, motionSchema, pathAt } from "./motion.ts";
import { boxToBox, IN_PLACE, maskToMask, placed, pointsIn } from "./placing.ts";

const box = z.tuple([editPx, editPx, editPx, editPx]);
export const MAX_PAIRS = 64;

/**
 * The motion of another clip, laid over this picture. `place`: its whole picture over this one; a `box`
 * of it over a box; what moves in it (`mask`) over the `points`; or matched `pairs` (x, y there, x, y
 * here). Where `points` are given only those move. The motion is scaled by `gain` and played `speed`
 * times as fast; after its end the points are free, held, or it plays again, backwards or from its
 * start. With `camera` what the source's camera did is part of it.
 */
export const transferSchema = z.object({
  ...commonFields,
  kind: z.literal("transfer"),
  motion: motionSchema,
  /** Frames of the horizon a second, when it was made: the motion keeps its seconds. */
  fps: z.number().gt(0).max(1000),
  place: z.enum(["whole", "box", "mask", "pairs"]),
  fromBox: box.optional(),
  toBox: box.optional(),
  pairs: z.array(box).max(MAX_PAIRS).optional(),
  /** Of this picture; absent: all, or those of the box. */
  points: z.array(editPoint).min(1).max(16_384).optional(),
  gain: z.number().min(-100).max(100),
  speed: z.number().gt(0).max(100),
  camera: z.boolean(),
  ends: z.enum(["free", "hold", "again", "back"]),
});

export type TransferEdit = z.infer<typeof transferSchema>;

/** So many tracks around a place tell its motion. */
const NEIGHBOURS = 12;
/** Tracks farther than so many of their own spacings tell nothing of a place. */
const REACH_SPACINGS = 2.5;
/** What moves in a source: points that leave their place by more, px. */
const MOVER_PX = 6;

export const transferKind: EditKind<TransferEdit> = {
  label: "Transfer",
  paths: (edit, scene) => pathsOnce(edit, scene),
  handles(edit, scene) {
    const [, last] = framesWithin(edit.frames, scene.frameCount);
    return pathsOnce(edit, scene).map(({ point, positionsT2 }) => {
      const [fromX, fromY] = scene.startN2.subarray(2 * point, 2 * point + 2);
      const [x, y] = positionsT2.subarray(-2);
      return {
        frame: Math.min(last, edit.frames[0] + positionsT2.length / 2 - 1),
        x,
        y,
        fromX,
        fromY,
      };
    });
  },
  mapped(edit, mapping) {
    const points = edit.points && mappedPoints(edit.points, mapping);
    if (points?.length === 0) return null;
    const corner = (x: number, y: number) => mapping.place([x, y]);
    const [x0, y0, x1, y1] = edit.toBox ?? [0, 0, 0, 0];
    return {
      ...edit,
      fps: edit.fps * mapping.rate,
      ...(points ? { points } : {}),
      ...(edit.toBox ? { toBox: [...corner(x0, y0), ...corner(x1, y1)] } : {}),
      ...(edit.pairs
        ? { pairs: edit.pairs.map(([a, b, x, y]): Quad => [a, b, ...corner(x, y)]) }
        : {}),
    };
  },
  withFrames: (edit, frames) => ({ ...edit, frames: [frames[0], frames[1]] }),
};

type Quad = [number, number, number, number];

const pathsOnce = onceFor(pathsOf);

function pathsOf(edit: TransferEdit, scene: EditScene): readonly AuthoredPath[] {
  const [first, last] = framesWithin(edit.frames, scene.frameCount);
  const starts = edit.motion.pathsNM.map((path): [number, number] => [path[0], path[1]]);
  const spacing = spacingOf(starts);
  const movers = moversOf(edit.motion);
  const laying = layingOf(
    edit,
    movers.map((i) => starts[i]),
    spacing,
    scene,
  );
  if (!laying) return [];
  // A thing that is laid onto another tells its motion alone, not what stands still behind it.
  const isThing = edit.place === "mask" || (edit.place === "box" && !edit.fromBox);
  const tellers = isThing ? movers : [...starts.keys()];
  const reach = REACH_SPACINGS * spacing;
  return targetsOf(edit, scene).flatMap((point) => {
    const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
    const [sx, sy] = laying.sourceOf(x, y);
    const near = nearest(starts, tellers, [sx, sy], reach);
    const positionsT2 = new Float32Array(2 * (last - first + 1));
    let held = 0;
    for (let i = 0; i <= last - first; i++) {
      const t = sourceFrame(edit, i + 1);
      const d = t === null ? null : displacementAt(edit, starts, near, [sx, sy], t);
      if (!d) break;
      const [dx, dy] = laying.turned(d[0], d[1], x, y);
      positionsT2[2 * i] = x + edit.gain * dx;
      positionsT2[2 * i + 1] = y + edit.gain * dy;
      held = i + 1;
    }
    return held > 0 ? [{ point, positionsT2: positionsT2.subarray(0, 2 * held) }] : [];
  });
}

/** The frame of the motion after so many frames of the horizon; null after its end, where that is free. */
function sourceFrame({ motion, fps, speed, ends }: TransferEdit, frames: number): number | null {
  const end = motion.pathsNM[0].length / 2 - 1;
  const t = (frames * speed * motion.fps) / fps;
  if (t <= end || ends === "hold") return Math.min(t, end);
  if (ends === "free" || end === 0) return ends === "free" ? null : 0;
  if (ends === "again") return t % end;
  const turn = t % (2 * end);
  return turn <= end ? turn : 2 * end - turn;
}

/** Points here that take part. */
function targetsOf({ points, place, toBox }: TransferEdit, { startN2 }: EditScene): number[] {
  const all = Array.from({ length: startN2.length / 2 }, (_, n) => n);
  if (points) return points.filter((n) => 2 * n < startN2.length);
  return place === "box" && toBox ? pointsIn(toBox, startN2) : all;
}

function layingOf(
  { place, fromBox, toBox, pairs, points }: TransferEdit,
  movers: readonly (readonly [number, number])[],
  spacing: number,
  { startN2 }: EditScene,
): Laying | null {
  if (place === "box" && toBox) {
    return evenLaying(boxToBox(fromBox ?? boundsOf(movers, spacing / 2), toBox));
  }
  if (place === "pairs" && pairs) return pairsLaying(pairs);
  if (place === "mask" && points) {
    const here = points
      .filter((n) => 2 * n < startN2.length)
      .map((n) => [startN2[2 * n], startN2[2 * n + 1]] as const);
    return evenLaying(maskToMask(movers, here));
  }
  return evenLaying(IN_PLACE);
}

/** The tracks of things that move; of a source in which nothing does, all. */
function moversOf({ pathsNM }: Motion): readonly number[] {
  const all = [...pathsNM.keys()];
  const movers = all.filter((n) =>
    pathsNM[n].some((v, i) => Math.abs(v - pathsNM[n][i % 2]) > MOVER_PX),
  );
  return movers.length > 0 ? movers : all;
}

function boundsOf(points: readonly (readonly [number, number])[], rim: number): Quad {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [
    Math.min(...xs) - rim,
    Math.min(...ys) - rim,
    Math.max(...xs) + rim,
    Math.max(...ys) + rim,
  ];
}

/** Median distance of a point to its nearest one, px. */
function spacingOf(starts: readonly (readonly [number, number])[]): number {
  const least = starts.map(([x, y], i) =>
    starts.reduce(
      (best, [u, v], k) => (k === i ? best : Math.min(best, Math.hypot(u - x, v - y))),
      Number.POSITIVE_INFINITY,
    ),
  );
  const sorted = least.filter(Number.isFinite).sort((a, b) => a - b);
  return Math.max(1, sorted[Math.floor(sorted.length / 2)] ?? 1);
}

function nearest(
  starts: readonly (readonly [number, number])[],
  tellers: readonly number[],
  [x, y]: readonly [number, number],
  reach: number,
): readonly number[] {
  const away = new Map(tellers.map((i) => [i, Math.hypot(starts[i][0] - x, starts[i][1] - y)]));
  const within = [...away].filter(([, distance]) => distance <= reach);
  return within
    .sort(([, a], [, b]) => a - b)
    .slice(0, 2 * NEIGHBOURS)
    .map(([i]) => i);
}

/**
 * What a place of the source does until a moment, px: the affine map that its nearest visible tracks
 * agree on best, nearer ones counting more. Null where none is near.
 */
function displacementAt(
  { motion, camera }: TransferEdit,
  starts: readonly (readonly [number, number])[],
  near: readonly number[],
  [x, y]: readonly [number, number],
  t: number,
): readonly [number, number] | null {
  const seen = near.filter((i) => isSeenAt(motion, i, t)).slice(0, NEIGHBOURS);
  if (seen.length === 0) return null;
  const moved = seen.map((i) => pathAt(motion.pathsNM[i], t));
  const d = localAffine(
    seen.map((i, k) => [
      starts[i][0] - x,
      starts[i][1] - y,
      moved[k][0] - starts[i][0],
      moved[k][1] - starts[i][1],
    ]),
  );
  const lens = camera ? cameraAt(motion, t) : null;
  if (!lens) return d;
  const [cx, cy] = placed(lens, x + d[0], y + d[1]);
  return [cx - x, cy - y];
}

/** The value at the origin of the weighted affine fit of (x, y, u, v); weights fall with distance. */
function localAffine(
  rows: readonly (readonly [number, number, number, number])[],
): [number, number] {
  const scale2 = Math.max(1, ...rows.map(([x, y]) => x * x + y * y)) / 4;
  let [w0, wx, wy, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
  const u = [0, 0, 0];
  const v = [0, 0, 0];
  for (const [x, y, du, dv] of rows) {
    const w = Math.exp(-(x * x + y * y) / (2 * scale2));
    w0 += w;
    wx += w * x;
    wy += w * y;
    xx += w * x * x;
    xy += w * x * y;
    yy += w * y * y;
    u[0] += w * du;
    u[1] += w * x * du;
    u[2] += w * y * du;
    v[0] += w * dv;
    v[1] += w * x * dv;
    v[2] += w * y * dv;
  }
  // Cramer's rule for the constant of the fit.
  const determinant =
    w0 * (xx * yy - xy * xy) - wx * (wx * yy - xy * wy) + wy * (wx * xy - xx * wy);
  if (rows.length < 3 || determinant < 1e-6 * w0 * (xx + yy) ** 2) return [u[0] / w0, v[0] / w0];
  const [p, q, r] = [xx * yy - xy * xy, -(wx * yy - wy * xy), wx * xy - wy * xx];
  return [
    (p * u[0] + q * u[1] + r * u[2]) / determinant,
    (p * v[0] + q * v[1] + r * v[2]) / determinant,
  ];
}

/** A transfer over the whole horizon with the common defaults. */
export function transferOf(
  { id, name }: Pick<TransferEdit, "id" | "name">,
  motion: Motion,
  { frameCount, fps }: { readonly frameCount: number; readonly fps: number },
  part: Partial<Pick<TransferEdit, "place" | "fromBox" | "toBox" | "pairs" | "points">> = {},
): TransferEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  return {
    ...common,
    ease: [...ease],
    space: "scene",
    id,
    name,
    kind: "transfer",
    frames: [0, frameCount - 1],
    motion,
    fps,
    place: "whole",
    gain: 1,
    speed: 1,
    camera: false,
    ends: "free",
    ...part,
  };
}
