import { z } from "zod";
import type { EditKind } from "./kind.ts";
import {
  COMMON_DEFAULTS,
  commonFields,
  editPoint,
  editPx,
  framesWithin,
  mappedPoints,
} from "./kind.ts";
import type { Box } from "./placing.ts";

/** What may be wished of points and a box, in words for the user. */
export const WISH_LABELS = {
  inside: "stays inside",
  arrives: "arrives inside",
  behind: "passes behind",
} as const;

export type WishWants = keyof typeof WISH_LABELS;
const WANTS = Object.keys(WISH_LABELS) as [WishWants, ...WishWants[]];

/**
 * What no pin can say of points: that they stay inside a box, are inside it at some moment up to the
 * edit's last frame, or are hidden there at one. It holds nothing: more futures are drawn than are kept,
 * and those that meet it better are likelier to stay. `strength`: px that count for little, 1 if exact.
 */
export const wishSchema = z.object({
  ...commonFields,
  kind: z.literal("wish"),
  wants: z.enum(WANTS),
  points: z.array(editPoint).min(1).max(16_384),
  /** (x0, y0, x1, y1) videoPx in the edit's space, in any order of corners. */
  box: z.tuple([editPx, editPx, editPx, editPx]),
});

export type WishEdit = z.infer<typeof wishSchema>;

export const wishKind: EditKind<WishEdit> = {
  label: "Wish",
  paths: () => [],
  handles({ points, box, frames }, { startN2, frameCount }) {
    const there = points.filter((n) => 2 * n < startN2.length);
    if (there.length === 0) return [];
    const mean = (axis: 0 | 1) =>
      there.reduce((sum, n) => sum + startN2[2 * n + axis], 0) / there.length;
    const [x0, y0, x1, y1] = box;
    const [, frame] = framesWithin(frames, frameCount);
    const at = { x: (x0 + x1) / 2, y: (y0 + y1) / 2, fromX: mean(0), fromY: mean(1) };
    const corners = [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
      [x0, y0],
    ] as const;
    return [{ ...at, frame, pathM2: corners }];
  },
  mapped(edit, mapping) {
    const points = mappedPoints(edit.points, mapping);
    if (points.length === 0) return null;
    const [x0, y0, x1, y1] = edit.box;
    const box: WishEdit["box"] = [...mapping.place([x0, y0]), ...mapping.place([x1, y1])];
    const { strength } = edit;
    return {
      ...edit,
      points,
      box,
      strength: strength === "exact" ? strength : mapping.length(strength),
    };
  },
};

/** A miss of so many px makes a future e times less likely to be kept. */
const USUAL_PX = 8;

export function wishOf(
  { id, name }: Pick<WishEdit, "id" | "name">,
  wants: WishWants,
  points: readonly number[],
  [x0, y0, x1, y1]: Box,
  frameCount: number,
): WishEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  return {
    ...common,
    ease: [...ease],
    id,
    name,
    kind: "wish",
    wants,
    frames: [0, frameCount - 1],
    strength: USUAL_PX,
    points: [...points],
    box: [x0, y0, x1, y1],
  };
}
