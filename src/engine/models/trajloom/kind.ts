import type { InputDeclaration } from "../../../domain/pack/offers.ts";
import { type TrajloomManifest, trajloomManifestSchema } from "../../../domain/pack/trajloom.ts";
import { flowForecasts } from "../../flow/flow-model.ts";
import { withKnownSolver } from "../../flow/known-solver.ts";
import type { ModelKind } from "../kind.ts";
import { trajloomModel } from "./model.ts";

const SOURCES = [
  { name: "released", label: "Released", description: "First latent anchored, the rest noise" },
  { name: "paper", label: "Paper", description: "The boundary latent repeated over all" },
];

/** The published TrajLoom model: one future at a time, from tracks and what else it is given. */
export const trajloom: ModelKind<TrajloomManifest> = {
  kind: "trajloom",
  schema: withKnownSolver(trajloomManifestSchema),
  roles: ["encode", "velocity", "decode", "visibility"],
  inputs: (manifest) => [
    {
      name: "history",
      what: "tracks",
      shape: [manifest.frames.history, manifest.grid.rows * manifest.grid.columns, 2],
    },
    ...optional(manifest, "video", "pictures", "video", "video"),
    ...optional(manifest, "text", "embedding", "velocity", "text_embedding"),
  ],
  offers: ({ frames, defaultSampler }) => ({
    historyFrames: frames.history,
    horizonFrames: frames.horizon,
    sampler: { defaults: defaultSampler, sources: SOURCES },
    constraints: false,
    latent: null,
  }),
  create: (runner, manifest) =>
    flowForecasts(runner, trajloomModel(runner, manifest), manifest.defaultSampler),
};

/** The declaration of an input that some packs' graphs take. */
function optional(
  { graphs }: TrajloomManifest,
  name: string,
  what: string,
  role: string,
  tensor: string,
): InputDeclaration[] {
  const found = graphs[role]?.inputs.find((input) => input.name === tensor);
  return found ? [{ name, what, shape: found.shape, optional: true }] : [];
}
