import { type PhotoManifest, photoManifestSchema } from "../../../domain/pack/photo.ts";
import type { ModelKind } from "../kind.ts";
import { photoModel } from "./model.ts";

/** Futures of one picture, each from a latent of a few numbers: hundreds cost less than one flow. */
export const photo: ModelKind<PhotoManifest> = {
  kind: "photo",
  schema: photoManifestSchema,
  roles: ["look", "fields"],
  inputs: ({ frames, grid, picture, latent }) => [
    { name: "picture", what: "rgb", shape: [3, picture.height, picture.width] },
    // What edits are laid over; the model itself sees no motion.
    { name: "history", what: "tracks", shape: [frames.history, grid.rows * grid.columns, 2] },
    { name: "z", what: "latent", shape: [latent.size], optional: true },
  ],
  offers: ({ frames, latent }) => ({
    historyFrames: frames.history,
    horizonFrames: frames.horizon,
    sampler: null,
    constraints: false,
    latent: { input: "z", shape: [latent.size] },
  }),
  create: photoModel,
};
