import type { LatentPart } from "../../../domain/latent.ts";
import type { PhotoManifest } from "../../../domain/pack/photo.ts";

/** Part of z that only the camera goes by; at rest unless it is let go. */
const CAMERA_PART = "camera";

/** The parts of a pack's latent, and which of them rest. */
export function latentParts({ latent }: Pick<PhotoManifest, "latent">): LatentPart[] {
  return latent.parts.map(({ name, from, length }) => {
    const part = { name, from, length };
    return name === CAMERA_PART ? { ...part, rests: true } : part;
  });
}
