import { z } from "zod";

/** An input of a model, by the name under which a request gives it. */
export const inputDeclarationSchema = z.object({
  name: z.string(),
  /**
   * What it is, which says how the studio makes it (`engine/pipeline/conditioning-inputs.ts`):
   * `tracks`: the history; `seconds`: between working frames; `pictures`: those of the history
   * [3,T,H/4,W/4] in [-1,1]; `picture`: that of "now", [3,H/4,W/4]; `rgb`: that of "now" in
   * 0..255, scaled to the shape's height and width by the mean of what each pixel covers; `embedding`, `latent`: numbers
   * that the user gives.
   */
  what: z.string(),
  /** Axes in order; a name where a size is free. */
  shape: z.array(z.union([z.int(), z.string()])),
  /** Whether the model forecasts without it too. */
  optional: z.boolean().optional(),
});

export type InputDeclaration = z.infer<typeof inputDeclarationSchema>;

const samplerOfferSchema = z.object({
  /** What a request gets that says nothing. */
  defaults: z.object({ solver: z.string(), steps: z.int().positive() }),
  /** Ways to draw the source latent; empty where there is only one. */
  sources: z.array(z.object({ name: z.string(), label: z.string(), description: z.string() })),
});

/** What a run can be asked for. User interface, store and command follow it, never the kind. */
export const offersSchema = z.object({
  /** Most frames of history that it reads, "now" included. */
  historyFrames: z.int().positive(),
  /** Frames of one future. */
  horizonFrames: z.int().positive(),
  /** Null where futures are not integrated along a flow. */
  sampler: samplerOfferSchema.nullable(),
  /** Whether the model itself can be told of positions after "now"; any other obeys by completion. */
  constraints: z.boolean(),
  /** The input that is a latent which users may hold, and its shape. */
  latent: z.object({ input: z.string(), shape: z.array(z.int()) }).nullable(),
});

export type ModelOffers = z.infer<typeof offersSchema>;
