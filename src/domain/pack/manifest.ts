import { z } from "zod";

// The content policy of the page forbids the code that zod would compile.
z.config({ jitless: true });

/**
 * The model pack's manifest: everything the studio knows of a model.
 *
 * Graph roles of a `compact` pack (float32; `k` = futures in the batch, any size):
 * - `condition`: history_tracks [81,390,2] videoPx in time order, last = now, missing early frames
 *   repeat the first one with visibility 0; history_visibility [81,390]; frame_interval [1] secs;
 *   hint_tracks [81,390,2] and hint_mask [81,390] (1 = this future position is pinned)
 *   → context [1,M,D], motion_scale [1] px.
 * Latent tokens: the 390 points, then 3 camera tokens, so [k,393,C]; read shapes from the manifest.
 * - `source`: scenario_tracks [k,81,390,2] stabilised videoPx, scenario_camera [k,81,6],
 *   noise [k,393,C] ~ N(0,1), motion_scale → latent [k,393,C].
 * - `velocity`: latent, context, flow_time [1], step [1] → velocity [k,393,C],
 *   next_latent = latent + step·velocity.
 * - `decode`: latent, motion_scale, context → future_tracks [k,81,390,2] videoPx,
 *   future_visibility [k,81,390] probability, camera_path [k,81,6].
 * Flow time 0 = source, 1 = data.
 *
 * Graph roles of a `trajloom` pack (batch 1, static shapes, float32 in and out; T 81 frames, L 21
 * latent frames, N 390 points, C 16 channels). Query points are the cells' top-left pixels on the
 * *first* history frame. `latent` is standardised per channel by `latent.mean` and `latent.std`.
 * - `encode`: history_tracks [T,N,2] videoPx → latent [1,L,N,C], latent_scale [1,L,N,C].
 * - `video` (optional): video [1,3,T,120,208] in [-1,1], bilinear quarter size
 *   → video_latent [1,L,N,16].
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
const tensor = z.object({ name: z.string(), shape: z.array(z.union([z.int(), z.string()])) });

const graph = z.object({
  file: z.string(),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
  gflops: z.number().optional(),
  /** Files of the pack that hold the weights; the graph names them by the same path. */
  externalData: z.array(z.string()).optional(),
  weightBytes: z.number().optional(),
  /** Largest single tensor: a device's largest buffer must hold it. */
  largestBufferBytes: z.number().optional(),
  /** Intermediate tensors alive at the worst moment, weights apart. */
  activationBytes: z.number().optional(),
});

const packFile = z.object({
  /** Below the manifest's folder: no part is `.` or `..`. */
  path: z.string().regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.-]+(\/[\w.-]+)*$/),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const packManifestSchema = z.object({
  schema: z.literal("foretrack-pack"),
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  kind: z.enum(["compact", "trajloom"]),
  licence: z.string(),
  /** Of weights and matrix products; absent means fp32. fp16 needs a device with `shader-f16`. */
  precision: z.enum(["fp32", "fp16"]).optional(),
  grid: z.object({
    rows: z.int(),
    columns: z.int(),
    width: z.int(),
    height: z.int(),
    anchor: z.enum(["cell-centre", "cell-corner"]),
  }),
  frames: z.object({
    history: z.int(),
    horizon: z.int(),
    /** Working frames a second that the model was made for; absent means 16. */
    rate: z.union([z.literal("native"), z.number().positive()]).optional(),
  }),
  anchorFrame: z.enum(["last-history", "first-history"]),
  flow: z.object({
    source: z.enum(["scenario", "anchored-noise"]),
    timeDirection: z.literal("0-source-1-data"),
    anchorNoise: z.number().optional(),
    repeatBoundary: z.boolean().optional(),
  }),
  latent: z.object({
    shape: z.array(z.union([z.int(), z.string()])),
    mean: z.array(z.number()).optional(),
    std: z.array(z.number()).optional(),
  }),
  defaultSampler: z.object({
    solver: z.string(),
    steps: z.int().positive(),
  }),
  graphs: z.record(z.string(), graph),
  files: z.array(packFile),
  /** Inputs and outputs of each graph, for the self-test on load: a file of the pack. */
  goldens: z.string().optional(),
  training: z.record(z.string(), z.unknown()).optional(),
});

export type PackManifest = z.infer<typeof packManifestSchema>;

/**
 * The golden file (`goldens` in the manifest): per graph role, inputs made by a formula and a
 * sample of the outputs they must give. Value i (row-major) of an input is
 * offset + amplitude·sin(frequency·i), computed in double precision, stored as float32.
 */
export const goldensSchema = z.record(
  z.string(),
  z.object({
    inputs: z.record(
      z.string(),
      z.object({
        dims: z.array(z.int()),
        amplitude: z.number(),
        frequency: z.number(),
        offset: z.number(),
      }),
    ),
    outputs: z.record(
      z.string(),
      z.object({
        dims: z.array(z.int()),
        indices: z.array(z.int()),
        values: z.array(z.number()),
        /** Largest absolute difference that is still right. */
        tolerance: z.number(),
      }),
    ),
  }),
);

export type Goldens = z.infer<typeof goldensSchema>;
