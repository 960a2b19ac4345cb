import { z } from "zod";
import { inputDeclarationSchema, offersSchema } from "./offers.ts";

// The content policy of the page forbids the code that zod would compile.
z.config({ jitless: true });

const tensor = z.object({ name: z.string(), shape: z.array(z.union([z.int(), z.string()])) });

/** A graph of a pack: an ONNX file, float32 in and out, shapes in the order of its tensors' axes. */
const graph = z.object({
  file: z.string(),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
  gflops: z.number().optional(),
  /** True where a runtime without a graphics device gains nothing by rewriting the graph when it opens it. */
  settled: z.boolean().optional(),
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

/** What the manifest of every kind of model holds. */
export const commonManifestSchema = z.object({
  schema: z.literal("foretrack-pack"),
  version: z.literal(1),
  /** A label for people; who a pack is, its content says (identity.ts). */
  id: z.string(),
  name: z.string(),
  /** A kind of `engine/models/registry.ts`. */
  kind: z.string(),
  licence: z.string(),
  /** Of weights and matrix products; absent means fp32. fp16 needs a device with `shader-f16`. */
  precision: z.enum(["fp32", "fp16"]).optional(),
  /** The frame in px and the query points on it. */
  grid: z.object({
    rows: z.int().positive(),
    columns: z.int().positive(),
    width: z.int().positive(),
    height: z.int().positive(),
    anchor: z.enum(["cell-centre", "cell-corner"]),
  }),
  frames: z.object({
    /** Most frames of history that the model reads, "now" included. */
    history: z.int().positive(),
    horizon: z.int().positive(),
    /** Working frames a second that the model was made for; absent means 16. */
    rate: z.union([z.literal("native"), z.number().positive()]).optional(),
  }),
  /** The reference frame: on which frame of the history the query points lie on the grid. */
  anchorFrame: z.enum(["last-history", "first-history"]),
  /** What the model takes; absent leaves it to the kind. */
  inputs: z.array(inputDeclarationSchema).optional(),
  /** What a run can be asked for; what is absent is left to the kind. */
  offers: offersSchema.partial().optional(),
  graphs: z.record(z.string(), graph),
  files: z.array(packFile),
  /** Inputs and outputs of each graph, for the self-test on load: a file of the pack. */
  goldens: z.string().optional(),
  training: z.record(z.string(), z.unknown()).optional(),
});

export type CommonManifest = z.infer<typeof commonManifestSchema>;
