import { z } from "zod";
import type { EditKind, EditScene } from "./kind.ts";
import {
  COMMON_DEFAULTS,
  commonFields,
  editPoint,
  editPx,
  framesWithin,
  mappedPoints,
} from "./kind.ts";

/**
 * Points that are at a known place from the edit's first frame to its last. `at` is where the first
 * of them is; the others keep their distance to it at "now". `at` null: all stay where they are.
 */
export const pinSchema = z.object({
  ...commonFields,
  kind: z.literal("pin"),
  points: z.array(editPoint).min(1).max(16_384),
  at: z.tuple([editPx, editPx]).nullable(),
});

export type PinEdit = z.infer<typeof pinSchema>;

export const pinKind: EditKind<PinEdit> = {
  label: "Pin",
  paths(edit, scene) {
    const [first, last] = framesWithin(edit.frames, scene.frameCount);
    const [dx, dy] = displacement(edit, scene);
    return edit.points.filter(isPointOf(scene)).map((point) => {
      const positionsT2 = new Float32Array(2 * (last - first + 1));
      for (let i = 0; i < positionsT2.length; i += 2) {
        positionsT2[i] = scene.startN2[2 * point] + dx;
        positionsT2[i + 1] = scene.startN2[2 * point + 1] + dy;
      }
      return { point, positionsT2 };
    });
  },
  handles(edit, scene) {
    const [first] = framesWithin(edit.frames, scene.frameCount);
    const [dx, dy] = displacement(edit, scene);
    return edit.points.filter(isPointOf(scene)).map((point) => {
      const [fromX, fromY] = scene.startN2.subarray(2 * point, 2 * point + 2);
      return { frame: first, x: fromX + dx, y: fromY + dy, fromX, fromY };
    });
  },
  mapped(edit, mapping) {
    const points = mappedPoints(edit.points, mapping);
    if (points.length === 0) return null;
    return { ...edit, points, at: edit.at && mapping.place(edit.at) };
  },
};

/** A pin of one point at one moment, exactly there. */
export function pinOf(
  id: string,
  name: string,
  point: number,
  frame: number,
  at: readonly [number, number],
): PinEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  return {
    ...common,
    ease: [...ease],
    id,
    name,
    kind: "pin",
    frames: [frame, frame],
    points: [point],
    at: [...at],
  };
}

/** Points that stay where they are at "now" in all `frameCount` frames of the horizon. */
export function areaOf(
  { id, name }: Pick<PinEdit, "id" | "name">,
  points: readonly number[],
  frameCount: number,
): PinEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  return {
    ...common,
    ease: [...ease],
    id,
    name,
    kind: "pin",
    frames: [0, frameCount - 1],
    points: [...points],
    at: null,
  };
}

/** The points on the rim of a grid in row-major order. */
export function rimPoints(rows: number, columns: number): number[] {
  const isRim = (row: number, column: number) =>
    row === 0 || column === 0 || row === rows - 1 || column === columns - 1;
  return Array.from({ length: rows * columns }, (_, n) => n).filter((n) =>
    isRim(Math.floor(n / columns), n % columns),
  );
}

/** The pin with one of its points, `handle` in their order, at (x,y) videoPx; the others go along. */
export function movedPin(
  edit: PinEdit,
  handle: number,
  { x, y }: { readonly x: number; readonly y: number },
  { startN2 }: EditScene,
): PinEdit {
  const [first, point] = [edit.points[0], edit.points[handle] ?? edit.points[0]];
  const dx = x - startN2[2 * point];
  const dy = y - startN2[2 * point + 1];
  return { ...edit, at: [startN2[2 * first] + dx, startN2[2 * first + 1] + dy] };
}

function isPointOf({ startN2 }: EditScene): (point: number) => boolean {
  return (point) => 2 * point < startN2.length;
}

function displacement({ at, points }: PinEdit, { startN2 }: EditScene): readonly [number, number] {
  if (!at || 2 * points[0] >= startN2.length) return [0, 0];
  return [at[0] - startN2[2 * points[0]], at[1] - startN2[2 * points[0] + 1]];
}
