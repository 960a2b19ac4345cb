import { z } from "zod";
import { commonManifestSchema } from "./common.ts";
import { flowFields } from "./flow.ts";

/**
 * A `trajloom` pack. Graph roles (batch 1, static shapes, float32 in and out; T frames of history and
 * as many of future, L latent frames, N points, C channels; the published model has T 81, L 21, N 390,
 * C 16 on a frame of W×H = 832×480). Query points are the cells' top-left pixels on the *first*
 * history frame. `latent` is standardised per channel by `latent.mean` and `latent.std`.
 * - `encode`: history_tracks [T,N,2] videoPx → latent [1,L,N,C], latent_scale [1,L,N,C].
 * - `video` (optional): video [1,3,T,H/4,W/4] in [-1,1], bilinear quarter size
 *   → video_latent [1,L,N,C].
 * - `velocity`: latent, flow_time [1] in [1e-5, 1−1e-5], step [1], history_latent,
 *   history_visibility [1,L,N] (zeros = absent, as released), video_latent (zeros = absent),
 *   text_embedding [1,4096] pooled, text_scale [1] (0 = absent) → velocity,
 *   next_latent = latent + step·velocity.
 * - `decode`: latent → future_tracks [T,N,2] videoPx, inside [0,W]×[0,H].
 * - `visibility`: latent, future_tracks → visibility_logits [1,L,N],
 *   future_visibility [T,N] probability, 0 outside the frame.
 * The source latent is N(0,1) noise, its first frame the history's last + anchorNoise·noise; with
 * `repeatBoundary` every frame is so anchored (the paper's text; the released sampler does not).
 */
export const trajloomManifestSchema = commonManifestSchema.extend({
  kind: z.literal("trajloom"),
  ...flowFields,
});

export type TrajloomManifest = z.infer<typeof trajloomManifestSchema>;
