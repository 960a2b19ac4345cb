import type { CommonManifest } from "./common.ts";
import type { InputDeclaration, ModelOffers } from "./offers.ts";

/**
 * The model pack's manifest: everything that the studio knows of a model. It holds what is common to
 * all kinds, with what its kind adds where the pack does not declare it; what only one kind knows is
 * in compact.ts and trajloom.ts and read by `engine/models/` alone.
 */
export interface PackManifest extends Omit<CommonManifest, "inputs" | "offers"> {
  readonly inputs: InputDeclaration[];
  readonly offers: ModelOffers;
}
