import { z } from "zod";
import { commonManifestSchema } from "./common.ts";
import { flowFields } from "./flow.ts";

/**
 * A `compact` pack. Graph roles (float32; `k` = futures in the batch, any size; T = history frames, H
 * = horizon, N = points; the shipped pack has T = H = 81, N = 390):
 * - `condition`: history_tracks [T,N,2] videoPx in time order, last = now, missing early frames
 *   repeat the first one with visibility 0; history_visibility [T,N]; frame_interval [1] secs;
 *   hint_tracks [H,N,2] and hint_mask [H,N] (1 = this future position is asked for)
 *   → context [1,M,D], motion_scale [1] px.
 * Latent tokens: the N points, then 3 camera tokens, so [k,N+3,C]; read shapes from the manifest.
 * - `source`: scenario_tracks [k,H,N,2] stabilised videoPx, scenario_camera [k,H,6],
 *   noise [k,N+3,C] ~ N(0,1), motion_scale → latent [k,N+3,C].
 * - `velocity`: latent, context, flow_time [1], step [1] → velocity [k,N+3,C],
 *   next_latent = latent + step·velocity.
 * - `decode`: latent, motion_scale, context → future_tracks [k,H,N,2] videoPx,
 *   future_visibility [k,H,N] probability, camera_path [k,H,6].
 */
export const compactManifestSchema = commonManifestSchema.extend({
  kind: z.literal("compact"),
  ...flowFields,
});

export type CompactManifest = z.infer<typeof compactManifestSchema>;
