import { z } from "zod";
import { commonManifestSchema } from "./common.ts";

/**
 * A `field` pack: depth of points from their tracks, in one pass. It makes no futures. Graph role (float32;
 * T frames, N points, any numbers up to `most`):
 * - `tell`: tracks [T,N,2] videoPx, visibility [T,N] 0 or 1, queries [N,2] videoPx (the points in the frame
 *   whose depths are told), focal [1] px, known or guessed
 *   → inverse_depth [N] relative, sigma_log [N] standard deviation of its logarithm, moving [N] probability
 *   that the point moves by itself; in packs that tell the way of camera and points, too, met_depth [N], inverse depths
 *   that meet the tracks under rotation [T,3,3] and translation [T,3] from world to camera, all in one unit, and control [N,16,3]: control
 *   points of a C² spline over the T frames, by how many of its own depths a point has gone from the anchor.
 */
export const fieldManifestSchema = commonManifestSchema.extend({
  kind: z.literal("field"),
  most: z.object({ frames: z.int().positive(), points: z.int().positive() }),
});

export type FieldManifest = z.infer<typeof fieldManifestSchema>;

/** Whether a pack tells the way of camera and points beside depth. */
export function tellsPaths({ graphs }: FieldManifest): boolean {
  const names = graphs.tell?.outputs.map(({ name }) => name) ?? [];
  return ["met_depth", "rotation", "translation", "control"].every((name) => names.includes(name));
}
