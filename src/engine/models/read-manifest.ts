import type { z } from "zod";
import { PackError } from "../../domain/errors.ts";
import { type CommonManifest, commonManifestSchema } from "../../domain/pack/common.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import { offersSchema } from "../../domain/pack/offers.ts";
import type { ModelKind } from "./kind.ts";
import { MODEL_KINDS } from "./registry.ts";

/**
 * A manifest from the bytes of its JSON. `label` says in words which pack.
 * @throws PackError naming the first thing that is wrong.
 */
export function parseManifest(
  bytes: Uint8Array,
  label: string,
  kinds: readonly ModelKind[] = MODEL_KINDS,
): PackManifest {
  try {
    return readManifest(JSON.parse(new TextDecoder().decode(bytes)), label, kinds);
  } catch (error) {
    if (error instanceof PackError) throw error;
    throw new PackError(
      `The manifest of ${label} is not JSON`,
      "Check that the address or folder holds a model pack.",
      { cause: error },
    );
  }
}

/**
 * A manifest from its JSON: read by the schema of its kind, completed with what the kind adds where
 * the pack declares nothing.
 * @throws PackError naming the first thing that is wrong.
 */
export function readManifest(
  json: unknown,
  label: string,
  kinds: readonly ModelKind[] = MODEL_KINDS,
): PackManifest {
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1) {
    throw new PackError(
      `The model pack ${label} was made for a newer Foretrack (version ${version})`,
      "Update Foretrack or choose another pack.",
    );
  }
  const { kind: name } = checked(commonManifestSchema, json, label);
  const kind = kinds.find((known) => known.kind === name);
  if (!kind) {
    const names = kinds.map((known) => known.kind).join(", ");
    throw new PackError(
      `The manifest of ${label} is wrong at kind: ${name} is none of ${names}`,
      "Update Foretrack or choose another pack.",
    );
  }
  const manifest = checked(kind.schema, json, label);
  requireListed(manifest);
  const inputs = manifest.inputs ?? kind.inputs(manifest);
  const offers = offersSchema.parse({ ...kind.offers(manifest), ...manifest.offers });
  return { ...manifest, inputs, offers };
}

function checked<T>(schema: z.ZodType<T>, json: unknown, label: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new PackError(
    `The manifest of ${label} is wrong at ${issue.path.map(String).join(".") || "its root"}: ${issue.message}`,
    "Export the pack again.",
  );
}

/** Every file that a graph or the self-test needs is among the files with a hash. */
function requireListed(manifest: CommonManifest): void {
  const listed = new Set(manifest.files.map((file) => file.path));
  const wanted = Object.values(manifest.graphs).flatMap((g) => [g.file, ...(g.externalData ?? [])]);
  if (manifest.goldens) wanted.push(manifest.goldens);
  const missing = wanted.find((path) => !listed.has(path));
  if (!missing) return;
  throw new PackError(
    `The manifest of ${manifest.name} does not list its file ${missing}`,
    "Export the pack again.",
  );
}
