import { PackError } from "../../domain/errors.ts";
import { type PackManifest, packManifestSchema } from "../../domain/pack/manifest.ts";

/** @throws PackError naming the first thing that is wrong. `label` says in words which pack. */
export function parseManifest(bytes: Uint8Array, label: string): PackManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new PackError(
      `The manifest of ${label} is not JSON`,
      "Check that the address or folder holds a model pack.",
      { cause: error },
    );
  }
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1) {
    throw new PackError(
      `The model pack ${label} was made for a newer Foretrack (version ${version})`,
      "Update Foretrack or choose another pack.",
    );
  }
  const parsed = packManifestSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new PackError(
      `The manifest of ${label} is wrong at ${issue.path.map(String).join(".") || "its root"}: ${issue.message}`,
      "Export the pack again.",
    );
  }
  requireListed(parsed.data);
  return parsed.data;
}

/** Every file that a graph or the self-test needs is among the files with a hash. */
function requireListed(manifest: PackManifest): void {
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
