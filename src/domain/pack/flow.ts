import { z } from "zod";

/** What packs hold whose futures are integrated along a flow. Flow time 0 = source, 1 = data. */
export const flowFields = {
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
  /** `solver` is a name of `engine/flow/solvers/list.ts`. */
  defaultSampler: z.object({ solver: z.string(), steps: z.int().positive() }),
};
