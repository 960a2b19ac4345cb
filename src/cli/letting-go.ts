import { ForetrackError } from "../domain/errors.ts";
import type { LatentChoice } from "../domain/latent.ts";
import type { PackManifest } from "../domain/pack/manifest.ts";
import { photoManifestSchema } from "../domain/pack/photo.ts";
import { candidateSeeds, MOST_ROUNDS } from "../engine/edits/wishes.ts";
import { drawLetGo } from "../engine/exploration/latent.ts";
import { latentParts } from "../engine/models/photo/parts.ts";
import type { ForecastSettings } from "./forecast-settings.ts";

/**
 * The latents of seeds whose camera moves, the same as in the studio, and of those that wishes may draw
 * beside them; none where it is held.
 * @throws ForetrackError where the model's camera cannot be let go.
 */
export function lettingGo(
  camera: ForecastSettings["camera"] = "held",
  manifest: PackManifest,
  seeds: readonly number[],
): Record<number, LatentChoice> | undefined {
  if (camera === "held") return undefined;
  const { data: photo } = photoManifestSchema.safeParse(manifest);
  const parts = photo ? latentParts(photo) : [];
  if (!photo || !parts.some(({ rests }) => rests)) {
    throw new ForetrackError(
      `${manifest.name} has no camera that could be let go.`,
      "Leave --camera out, or forecast from one picture with a pack that has one.",
    );
  }
  const sight = { latentSize: photo.latent.size, parts };
  const drawn = candidateSeeds(seeds, [], MOST_ROUNDS);
  return Object.fromEntries(
    drawn.map((seed) => [seed, { z: Array.from(drawLetGo(seed, sight, [])) }]),
  );
}
