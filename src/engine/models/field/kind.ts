import { PackError } from "../../../domain/errors.ts";
import { type FieldManifest, fieldManifestSchema } from "../../../domain/pack/field.ts";
import type { ModelKind } from "../kind.ts";

/** Depth of points from their tracks; the studio asks it when it looks for a relief. */
export const field: ModelKind<FieldManifest> = {
  kind: "field",
  schema: fieldManifestSchema,
  roles: ["tell"],
  inputs: ({ most, grid }) => [
    { name: "history", what: "tracks", shape: [most.frames, grid.rows * grid.columns, 2] },
  ],
  offers: ({ frames }) => ({
    historyFrames: frames.history,
    horizonFrames: frames.horizon,
    sampler: null,
    constraints: false,
    latent: null,
  }),
  create(_runner, { name }) {
    throw new PackError(
      `${name} tells depth and makes no futures`,
      "Choose another model: Find relief asks this one by itself.",
    );
  },
};
