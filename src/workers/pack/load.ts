import { PackError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { packGeometry, sizeGap } from "../../domain/pack/geometry.ts";
import { type Goldens, goldensSchema } from "../../domain/pack/goldens.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import { parseManifest } from "../../engine/models/read-manifest.ts";
import { HeldFile, type PackFile } from "./pack-file.ts";
import { sha256Hex } from "./sha256.ts";

/** A pack with every file checked against the manifest. The blobs of a large one lie on disk. */
export interface LoadedPack {
  readonly manifest: PackManifest;
  readonly files: ReadonlyMap<string, PackFile>;
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
  file(entry: PackFileEntry, onBytes: (bytes: number) => void, job?: Job): Promise<PackFile>;
  /** Told of each file once it is known to be right, or wrong (null); gives the blob to keep. */
  settle?(entry: PackFileEntry, file: PackFile | null): Promise<PackFile | null>;
}

/** Progress of a download is told this often at most. */
const REPORT_MILLIS = 60;
/** A browser opens no more than six connections to a server. */
const FILES_AT_ONCE = 3;

/** Manifest and files; rejects with PackError as `readManifest` and `loadPackFiles` do. */
export async function loadPack(source: PackSource, job?: Job): Promise<LoadedPack> {
  return loadPackFiles(source, await readManifest(source, job), job);
}

/** Rejects with PackError for a manifest that is not one, or that does not list what it needs. */
export async function readManifest(source: PackSource, job?: Job): Promise<PackManifest> {
  return parseManifest(await source.manifest(job), source.label);
}

/**
 * The manifest of a pack that the studio can forecast with: for page and command, before a file of the
 * pack or a frame of a clip is read. Rejects as `readManifest`, and for a pack of another size.
 */
export async function readStudioManifest(source: PackSource, job?: Job): Promise<PackManifest> {
  const manifest = await readManifest(source, job);
  const gap = sizeGap(packGeometry(manifest));
  if (!gap) return manifest;
  throw new PackError(
    `The pack ${manifest.name} ${gap}`,
    "Choose a pack of the studio’s size, or train one with the commands under models.",
  );
}

/**
 * Reads the files, a few at once, and checks each hash. Progress: stage `pack`, in bytes of all files
 * together, with each file as its item; every file is told of once before the first is read.
 * Rejects with PackError for a missing or altered file; the others are no longer read then.
 */
export async function loadPackFiles(
  source: PackSource,
  manifest: PackManifest,
  job?: Job,
): Promise<LoadedPack> {
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const arrivedBytes = new Map<string, number>();
  const tell = ({ path, bytes }: PackFileEntry, arrived: number) => {
    const done = Math.min(arrived, bytes);
    arrivedBytes.set(path, done);
    const all = [...arrivedBytes.values()].reduce((sum, part) => sum + part, 0);
    job?.onProgress?.({
      stage: "pack",
      done: all,
      total,
      item: { name: path, done, total: bytes },
    });
  };
  for (const entry of manifest.files) tell(entry, 0);
  const files = new Map<string, PackFile>();
  const failed = new AbortController();
  const signal = job?.signal ? AbortSignal.any([job.signal, failed.signal]) : failed.signal;
  const waiting = [...manifest.files];
  const readNext = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      throwIfCancelled({ signal });
      const { path, bytes } = entry;
      files.set(path, await checkedFile(source, entry, paced(entry, tell), { signal }));
      tell(entry, bytes);
    }
  };
  try {
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, readNext));
  } catch (error) {
    failed.abort();
    throw error;
  }
  return { manifest, files, goldens: await readGoldens(manifest, files) };
}

/** Tells of a file that arrives, not too often. */
function paced(entry: PackFileEntry, tell: (entry: PackFileEntry, bytes: number) => void) {
  let told = 0;
  return (bytes: number) => {
    const now = performance.now();
    if (now - told < REPORT_MILLIS) return;
    told = now;
    tell(entry, bytes);
  };
}

/** A file is hashed whole in memory: one at a time, however many arrive together. */
class OneByOne {
  private last: Promise<unknown> = Promise.resolve();

  next<T>(work: () => Promise<T>): Promise<T> {
    const own = this.last.then(work, work);
    this.last = own.catch(() => undefined);
    return own;
  }
}
const hashes = new OneByOne();

async function checkedFile(
  source: PackSource,
  entry: PackFileEntry,
  onBytes: (bytes: number) => void,
  job: Job | undefined,
): Promise<PackFile> {
  let found = "";
  // A kept copy may be damaged: the second try comes from where the pack lives.
  for (let attempt = 0; attempt < 2; attempt++) {
    const blob = await source.file(entry, onBytes, job);
    throwIfCancelled(job);
    found = await hashes.next(() => sha256Hex(blob));
    const right = blob.size === entry.bytes && found === entry.sha256;
    const kept = await source.settle?.(entry, right ? blob : null);
    if (right) return inPlaceOf(blob, kept);
    if (!source.settle) break;
  }
  throw new PackError(
    `The file ${entry.path} of the model pack is not the one that its manifest promises (sha256 ${found.slice(0, 12)}…)`,
    "Download the pack again.",
  );
}

/** What is kept of a file, if it is, and then not what came. */
function inPlaceOf(file: PackFile, kept: PackFile | null | undefined): PackFile {
  if (!kept || kept === file) return file;
  if (file instanceof HeldFile) file.free();
  return kept;
}

async function readGoldens(
  manifest: PackManifest,
  files: ReadonlyMap<string, PackFile>,
): Promise<Goldens | null> {
  const blob = manifest.goldens ? files.get(manifest.goldens) : undefined;
  if (!blob) return null;
  try {
    return goldensSchema.parse(JSON.parse(await blob.text()));
  } catch (error) {
    throw new PackError(
      `The self-test of ${manifest.name} cannot be read`,
      "Export the pack again.",
      { cause: error },
    );
  }
}
