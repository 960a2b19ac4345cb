import { z } from "zod";
import type { EditKind, EditMapping } from "./kind.ts";
import { COMMON_DEFAULTS, commonFields, editFrame, editPoint, framesWithin } from "./kind.ts";
import { flatPath, pathAt } from "./motion.ts";

const MAX_TAKEN_POINTS = 16_384;

/**
 * Points that move as they did in a future: `pathsNM` [N][2T] from the horizon's frame `begins` on.
 * The edit's frames are the part of it that holds. In the space `scene` the camera of that future is
 * taken out, so that another future's own camera carries them.
 */
export const takeSchema = z.object({
  ...commonFields,
  kind: z.literal("take"),
  points: z.array(editPoint).min(1).max(MAX_TAKEN_POINTS),
  pathsNM: z.array(flatPath).min(1).max(MAX_TAKEN_POINTS),
  begins: editFrame,
  /** Which future, in words. */
  from: z.string().max(200),
});

export type TakeEdit = z.infer<typeof takeSchema>;

export const takeKind: EditKind<TakeEdit> = {
  label: "Take",
  paths(edit, scene) {
    const [first, last] = heldFrames(edit, scene.frameCount);
    return membersOf(edit, scene.startN2).map(({ point, path }) => {
      const positionsT2 = new Float32Array(2 * (last - first + 1));
      for (let i = 0; i < positionsT2.length; i++) {
        positionsT2[i] = path[2 * placeAt(first + (i >> 1), edit, path) + (i % 2)];
      }
      return { point, positionsT2 };
    });
  },
  handles(edit, scene) {
    const [first, last] = heldFrames(edit, scene.frameCount);
    return membersOf(edit, scene.startN2).map(({ point, path }) => {
      const pathM2 = Array.from({ length: last - first + 1 }, (_, i) => {
        const at = 2 * placeAt(first + i, edit, path);
        return [path[at], path[at + 1]] as const;
      });
      const [x, y] = pathM2[pathM2.length - 1];
      const [fromX, fromY] = scene.startN2.subarray(2 * point, 2 * point + 2);
      return { frame: last, x, y, fromX, fromY, pathM2 };
    });
  },
  mapped(edit, mapping) {
    const members = edit.points.flatMap((from, i) => {
      const to = mapping.point(from);
      return to === null || i >= edit.pathsNM.length ? [] : [{ from, to, path: edit.pathsNM[i] }];
    });
    const kept = members.filter(({ to }, i) => members.findIndex((m) => m.to === to) === i);
    if (kept.length === 0) return null;
    const pathsNM = kept.map((member) => movedPath(member, edit, mapping));
    return {
      ...edit,
      points: kept.map(({ to }) => to),
      pathsNM,
      begins: mapping.frame(edit.begins),
    };
  },
  withFrames(edit, [first, last]) {
    const by = first - edit.frames[0];
    const isMoved = by === last - edit.frames[1];
    const begins = isMoved ? Math.max(0, edit.begins + by) : edit.begins;
    return { ...edit, frames: [first, last], begins };
  },
};

/** Points of the edit that a scene has, and their paths. */
function membersOf({ points, pathsNM }: TakeEdit, { length }: Float32Array) {
  return points
    .slice(0, pathsNM.length)
    .map((point, i) => ({ point, path: pathsNM[i] }))
    .filter(({ point }) => 2 * point < length);
}

/** The frames that hold: those of the edit that its paths have. */
function heldFrames({ frames, begins }: TakeEdit, frameCount: number): readonly [number, number] {
  const [first, last] = framesWithin(frames, frameCount);
  const from = Math.min(Math.max(first, begins), frameCount - 1);
  return [from, Math.max(from, last)];
}

/** Which pair of a path stands for a frame; the last one after its end. */
function placeAt(frame: number, { begins }: TakeEdit, path: readonly number[]): number {
  return Math.min(Math.max(0, frame - begins), path.length / 2 - 1);
}

/** The path over another point: it keeps its way from where its own point stood at "now". */
function movedPath(
  {
    from,
    to,
    path,
  }: { readonly from: number; readonly to: number; readonly path: readonly number[] },
  edit: TakeEdit,
  mapping: EditMapping,
): number[] {
  const { from: there, to: here, rate } = mapping;
  const [atX, atY] = mapping.place([there.startN2[2 * from], there.startN2[2 * from + 1]]);
  const begins = mapping.frame(edit.begins);
  const count = Math.max(1, Math.min(edit.frames[1], here.frameCount - 1) - begins + 1);
  return Array.from({ length: count }).flatMap((_, i) => {
    const [x, y] = mapping.place(pathAt(path, (begins + i + 1) / rate - 1 - edit.begins));
    return [x - atX + here.startN2[2 * to], y - atY + here.startN2[2 * to + 1]];
  });
}

/** A take over the whole of its paths. */
export function takeOf(
  { id, name }: Pick<TakeEdit, "id" | "name">,
  points: readonly number[],
  pathsNM: readonly (readonly number[])[],
  { space, from }: Pick<TakeEdit, "space" | "from">,
): TakeEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  return {
    ...common,
    ease: [...ease],
    space,
    id,
    name,
    kind: "take",
    frames: [0, Math.max(0, pathsNM[0].length / 2 - 1)],
    points: [...points],
    pathsNM: pathsNM.map((path) => [...path]),
    begins: 0,
    from,
  };
}
