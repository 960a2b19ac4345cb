import { PackError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import {
  type Goldens,
  goldensSchema,
  type PackManifest,
  packManifestSchema,
} from "../../domain/pack.ts";
import { sha256Hex } from "./sha256.ts";

/** A pack in memory, every file checked against the manifest. */
export interface LoadedPack {
  readonly manifest: PackManifest;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly goldens: Goldens | null;
}

export interface PackFileEntry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where a pack's files come from: a server, a folder, a zip. */
export interface PackSource {
  /** In words for the user. */
  readonly label: string;
  manifest(job?: Job): Promise<Uint8Array>;
  /** `onBytes` hears how much of the file has arrived. */
  file(
    entry: PackFileEntry,
    onBytes: (bytes: number) => void,
    job?: Job,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** Called with each file once it is known to be right, or wrong. */
  settle?(entry: PackFileEntry, bytes: Uint8Array<ArrayBuffer> | null): Promise<void>;
}

/**
 * Reads manifest and files. Progress: stage `pack`, in bytes of all files together.
 * Rejects with PackError for a missing or altered file or a manifest that is not one.
 */
export async function loadPack(source: PackSource, job?: Job): Promise<LoadedPack> {
  const manifest = parseManifest(await source.manifest(job), source.label);
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let before = 0;
  for (const entry of manifest.files) {
    throwIfCancelled(job);
    const report = (bytes: number) =>
      job?.onProgress?.({ stage: "pack", done: Math.min(before + bytes, total), total });
    report(0);
    files.set(entry.path, await checkedFile(source, entry, report, job));
    before += entry.bytes;
    report(0);
  }
  requireFiles(manifest, files);
  return { manifest, files, goldens: readGoldens(manifest, files) };
}

async function checkedFile(
  source: PackSource,
  entry: PackFileEntry,
  onBytes: (bytes: number) => void,
  job: Job | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  let found = "";
  // A cached copy may be damaged: the second try comes from where the pack lives.
  for (let attempt = 0; attempt < 2; attempt++) {
    const bytes = await source.file(entry, onBytes, job);
    found = await sha256Hex(bytes);
    const right = bytes.length === entry.bytes && found === entry.sha256;
    await source.settle?.(entry, right ? bytes : null);
    if (right) return bytes;
    if (!source.settle) break;
  }
  throw new PackError(
    `The file ${entry.path} of the model pack is not the one that its manifest promises (sha256 ${found.slice(0, 12)}…)`,
    "Download the pack again.",
  );
}

/** @throws PackError naming the first thing that is wrong. */
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
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new PackError(
    `The manifest of ${label} is wrong at ${issue.path.map(String).join(".") || "its root"}: ${issue.message}`,
    "Export the pack again.",
  );
}

function requireFiles(manifest: PackManifest, files: ReadonlyMap<string, Uint8Array>): void {
  const wanted = Object.values(manifest.graphs).flatMap((g) => [g.file, ...(g.externalData ?? [])]);
  if (manifest.goldens) wanted.push(manifest.goldens);
  const missing = wanted.find((path) => !files.has(path));
  if (!missing) return;
  throw new PackError(
    `The manifest of ${manifest.name} does not list its file ${missing}`,
    "Export the pack again.",
  );
}

function readGoldens(
  manifest: PackManifest,
  files: ReadonlyMap<string, Uint8Array>,
): Goldens | null {
  if (!manifest.goldens) return null;
  const bytes = files.get(manifest.goldens);
  try {
    return goldensSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new PackError(
      `The self-test of ${manifest.name} cannot be read`,
      "Export the pack again.",
      { cause: error },
    );
  }
}
