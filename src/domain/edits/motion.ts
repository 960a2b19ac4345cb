import { z } from "zod";
import { editPx, MAX_EDIT_FRAMES } from "./kind.ts";

const MAX_MOTION_POINTS = 16_384;

/** [x, y, x, y, …] of one point, one pair a frame, videoPx. */
export const flatPath = z
  .array(editPx)
  .min(2)
  .max(2 * MAX_EDIT_FRAMES)
  .refine((path) => path.length % 2 === 0, { message: "a path is made of pairs" });

/**
 * The motion of some points, kept in an edit so that it stands by itself: `pathsNM` [N][2T] in the
 * picture of its first frame, the camera taken out; `seenN` [N] of T digits, 1 = visible. `cameraM`
 * [6T], where it is known, is that camera, layout of `CameraPathT6` with the first frame in the place of
 * "now".
 */
export const motionSchema = z.object({
  /** Whose motion, in words. */
  from: z.string().max(300),
  fps: z.number().gt(0).max(1000),
  pathsNM: z.array(flatPath).min(1).max(MAX_MOTION_POINTS),
  seenN: z.array(z.string().regex(/^[01]+$/)).max(MAX_MOTION_POINTS),
  cameraM: z
    .array(z.number().min(-1e6).max(1e6))
    .max(6 * MAX_EDIT_FRAMES)
    .optional(),
});

export type Motion = z.infer<typeof motionSchema>;

/** Linear between the pairs of a path; its ends go on. */
export function pathAt(path: readonly number[], t: number): [number, number] {
  const end = path.length / 2 - 1;
  const at = Math.min(end, Math.max(0, t));
  const [low, high] = [Math.floor(at), Math.min(Math.floor(at) + 1, end)];
  const part = at - low;
  return [
    path[2 * low] + part * (path[2 * high] - path[2 * low]),
    path[2 * low + 1] + part * (path[2 * high + 1] - path[2 * low + 1]),
  ];
}

/** The map [6] of a motion's camera at a moment, linear between frames; null where it has none. */
export function cameraAt({ cameraM }: Motion, t: number): readonly number[] | null {
  if (!cameraM || cameraM.length < 6) return null;
  const end = Math.floor(cameraM.length / 6) - 1;
  const at = Math.min(end, Math.max(0, t));
  const [low, high] = [Math.floor(at), Math.min(Math.floor(at) + 1, end)];
  const part = at - low;
  return [0, 1, 2, 3, 4, 5].map((k) => {
    return cameraM[6 * low + k] + part * (cameraM[6 * high + k] - cameraM[6 * low + k]);
  });
}

/** Whether a point of a motion is visible at a moment: in both frames around it. */
export function isSeenAt({ seenN }: Motion, point: number, t: number): boolean {
  const seen = seenN[point];
  if (seen === undefined) return true;
  const at = (frame: number) => seen[Math.min(Math.max(0, frame), seen.length - 1)] === "1";
  return at(Math.floor(t)) && at(Math.ceil(t));
}
