import { CancelledError, isCancelled, PackError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { joinedBytes } from "../../formats/containers/joined-bytes.ts";
import type { PackFileEntry } from "./load.ts";
import type { PackCache } from "./pack-cache.ts";
import { HeldFile, type PackFile } from "./pack-file.ts";

/** Of a slow download this much is kept at a time, so that a page that is left goes on with it later. */
const PART_BYTES = 8 * 2 ** 20;
/** A faster one is over sooner than its parts would be written, */
const PART_MILLIS = 3000;
/** unless it is so large that memory should not wait for its end. */
const HELD_BYTES = 32 * 2 ** 20;

/** Files of packs have a cache of their own: the browser's would hold them a second time. */
const OURS: RequestInit = { cache: "no-store" };

export interface Download {
  readonly fetch: typeof globalThis.fetch;
  readonly cache: PackCache;
  readonly url: string;
  readonly entry: PackFileEntry;
}

/** A small file that is asked for anew each time. Rejects with PackError or CancelledError. */
export async function downloadBytes(
  fetch: typeof globalThis.fetch,
  url: string,
  job?: Job,
): Promise<Uint8Array> {
  return explained(url, async () => {
    const response = await ask(fetch, url, { cache: "no-cache" }, job);
    return new Uint8Array(await response.arrayBuffer());
  });
}

/**
 * One file of a pack, from where an earlier download broke off where the server can (ranges). What has
 * arrived when it breaks off, or takes long, goes to the cache. Rejects with PackError or CancelledError.
 */
export async function downloadFile(
  download: Download,
  onBytes: (bytes: number) => void,
  job?: Job,
): Promise<PackFile> {
  const { fetch, cache, url, entry } = download;
  return explained(url, async () => {
    const parts = await cache.parts(url, entry);
    const have = sizeOf(parts);
    onBytes(have);
    if (have >= entry.bytes) return new Blob(parts);
    if (have === 0) {
      return receive(download, parts, await ask(fetch, url, OURS, job), onBytes, job);
    }
    const range = { ...OURS, headers: { Range: `bytes=${have}-` } };
    const rest = await ask(fetch, url, range, job).catch((error: unknown) => {
      if (error instanceof PackError) return null;
      throw error;
    });
    if (rest?.status === 206) return receive(download, parts, rest, onBytes, job);
    await cache.forget(url);
    return receive(download, [], rest ?? (await ask(fetch, url, OURS, job)), onBytes, job);
  });
}

async function receive(
  { cache, url, entry }: Download,
  parts: Blob[],
  response: Response,
  onBytes: (bytes: number) => void,
  job: Job | undefined,
): Promise<PackFile> {
  let pending: Uint8Array<ArrayBuffer>[] = [];
  let size = sizeOf(parts);
  let keptBytes = size;
  let keptMillis = performance.now();
  const keep = async () => {
    const part = new Blob(pending);
    pending = [];
    keptBytes = size;
    if (part.size > 0) parts.push(await cache.writePart(url, entry, parts.length, part));
    keptMillis = performance.now();
  };
  const reader = response.body!.getReader();
  try {
    for (;;) {
      throwIfCancelled(job);
      const { done, value } = await reader.read();
      if (done) break;
      pending.push(value);
      size += value.length;
      onBytes(size);
      if (size > entry.bytes) {
        await reader.cancel();
        break;
      }
      const isSlow = performance.now() - keptMillis > PART_MILLIS;
      if (size - keptBytes >= (isSlow ? PART_BYTES : HELD_BYTES)) await keep();
    }
  } catch (error) {
    await keep();
    throw error;
  }
  return parts.length > 0 ? new Blob([...parts, ...pending]) : new HeldFile(joinedBytes(pending));
}

function sizeOf(blobs: readonly Blob[]): number {
  return blobs.reduce((sum, blob) => sum + blob.size, 0);
}

/** What a server answers; rejects with PackError unless it has something to give. */
export async function ask(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
  job: Job | undefined,
): Promise<Response> {
  const response = await fetch(url, { ...init, ...(job?.signal ? { signal: job.signal } : {}) });
  if (response.ok && response.body) return response;
  throw new PackError(
    `${url} answered ${response.status} ${response.statusText}`.trim(),
    response.status === 404 ? "Check that the pack is there." : "Try again in a while.",
  );
}

/** `work`, whose failures become PackErrors that name the address; a cancel stays one. */
export async function explained<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCancelled(error)) throw new CancelledError();
    if (error instanceof PackError) throw error;
    throw new PackError(
      `${url} cannot be loaded`,
      "Check the connection and load it again: what has arrived is kept.",
      { cause: error },
    );
  }
}
