import { z } from "zod";

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
