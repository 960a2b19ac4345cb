import { compact } from "./compact/kind.ts";
import { field } from "./field/kind.ts";
import type { ModelKind } from "./kind.ts";
import { photo } from "./photo/kind.ts";
import { trajloom } from "./trajloom/kind.ts";

/** Every kind of model. A pack of a kind that is not here is refused by name. */
export const MODEL_KINDS: readonly ModelKind[] = [compact, trajloom, photo, field];
