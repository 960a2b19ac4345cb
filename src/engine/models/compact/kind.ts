import { type CompactManifest, compactManifestSchema } from "../../../domain/pack/compact.ts";
import { flowForecasts } from "../../flow/flow-model.ts";
import { withKnownSolver } from "../../flow/known-solver.ts";
import type { ModelKind } from "../kind.ts";
import { compactModel } from "./model.ts";

/** Foretrack's own model: camera and objects apart, futures start as scenarios. */
export const compact: ModelKind<CompactManifest> = {
  kind: "compact",
  schema: withKnownSolver(compactManifestSchema),
  roles: ["condition", "source", "velocity", "decode"],
  inputs: ({ frames, grid }) => [
    { name: "history", what: "tracks", shape: [frames.history, grid.rows * grid.columns, 2] },
    { name: "frame_interval", what: "seconds", shape: [1] },
  ],
  offers: ({ frames, defaultSampler }) => ({
    historyFrames: frames.history,
    horizonFrames: frames.horizon,
    sampler: { defaults: defaultSampler, sources: [] },
    constraints: true,
    latent: null,
  }),
  create: (runner, manifest) =>
    flowForecasts(runner, compactModel(runner, manifest), manifest.defaultSampler),
};
