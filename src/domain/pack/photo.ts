import { z } from "zod";
import { commonManifestSchema } from "./common.ts";

const part = z.object({
  name: z.string(),
  from: z.int().nonnegative(),
  length: z.int().positive(),
  /** Stretches of z that each drive one region of the picture, where they choose apart. */
  regions: z
    .array(z.object({ from: z.int().nonnegative(), length: z.int().positive() }))
    .optional(),
});

/**
 * A `photo` pack: futures of one picture. Graph roles (float32; n = futures in the batch, any n ≥ 1;
 * T = horizon, N = points row by row, C = rows of the time basis, L = size of the latent, K basis
 * fields, R regions, D numbers of context, F features):
 * - `look`, once a picture: picture [1,3,height,width] RGB 0..255, the working frame scaled down by
 *   the mean of what each pixel covers
 *   → moving [N] probability, extent [N] px, regions [R,N] summing to 1 over R, basis [K,2,N] px,
 *   context [D], features [F,N] of unit length over F.
 * - `fields`: z [n,L], basis, context → coefficients [n,C,2,N] px, axes (x, y).
 *   Displacement of a point in frame t: Σ_c coefficients[c] · timeBasis.rows[c][t].
 *   Where it also gives `camera_path` [n,T,6], maps as `CameraPathT6`, the part of z named `camera` is
 *   what they go by; its zeros leave the camera where it is.
 * - `blind`, where the pack brings what it is measured against: z → coefficients of a prior that is
 *   shown no picture; `look` then also gives `regressor` [C,2,N], the one future of a regressor.
 * Outputs of `look` that `refine` names are weights [9,rows·factor·columns·factor] of finer cells
 * (domain/latent.ts).
 */
export const photoManifestSchema = commonManifestSchema.extend({
  kind: z.literal("photo"),
  latent: z.object({
    size: z.int().positive(),
    prior: z.literal("normal"),
    parts: z.array(part),
  }),
  timeBasis: z.object({
    count: z.int().positive(),
    frames: z.int().positive(),
    /** [C][T], orthonormal. */
    rows: z.array(z.array(z.number())),
  }),
  picture: z.object({
    width: z.int().positive(),
    height: z.int().positive(),
    channels: z.literal("rgb"),
    range: z.literal(255),
  }),
  refine: z.array(z.object({ output: z.string(), factor: z.int().positive() })).optional(),
  /** HappenedShares of domain/latent.ts. */
  happened: z
    .object({
      still: z.tuple([z.number(), z.number()]),
      other: z.number().min(0).max(1),
      sources: z.int().positive(),
    })
    .optional(),
});

export type PhotoManifest = z.infer<typeof photoManifestSchema>;
