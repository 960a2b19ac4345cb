import { CancelledError, isCancelled, PackError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { PackFileEntry, PackSource } from "./load.ts";

const CACHE_NAME = "foretrack-packs";

export interface UrlSourceOptions {
  /** Keeps files for the next visit; absent where the platform has no cache. */
  readonly caches?: CacheStorage | undefined;
  readonly fetch?: typeof fetch;
}

/** A pack below `baseUrl` (absolute, ending in a slash): `manifest.json` and its files. */
export function urlPackSource(baseUrl: string, options: UrlSourceOptions = {}): PackSource {
  const { caches, fetch = globalThis.fetch.bind(globalThis) } = options;
  // A key holds the content's hash: a new pack at the same address never meets the old files.
  const keyOf = (entry: PackFileEntry) => `${new URL(entry.path, baseUrl)}?sha256=${entry.sha256}`;
  const fromCache = new Set<string>();

  return {
    label: baseUrl,
    manifest: async (job) =>
      download(fetch, new URL("manifest.json", baseUrl).href, "no-cache", () => undefined, job),
    async file(entry, onBytes, job) {
      const cached = await readCache(caches, keyOf(entry));
      if (cached) {
        fromCache.add(entry.path);
        onBytes(cached.length);
        return cached;
      }
      return download(fetch, new URL(entry.path, baseUrl).href, "default", onBytes, job);
    },
    async settle(entry, bytes) {
      if (bytes && fromCache.has(entry.path)) return;
      fromCache.delete(entry.path);
      await writeCache(caches, keyOf(entry), bytes);
    },
  };
}

async function readCache(
  caches: CacheStorage | undefined,
  key: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const hit = await (await caches?.open(CACHE_NAME))?.match(key);
    return hit ? new Uint8Array(await hit.arrayBuffer()) : null;
  } catch {
    // A broken or forbidden cache costs a download, nothing else.
    return null;
  }
}

/** Stores `bytes`, or drops what is stored where they are null, with the older files of the path. */
async function writeCache(
  caches: CacheStorage | undefined,
  key: string,
  bytes: Uint8Array<ArrayBuffer> | null,
): Promise<void> {
  try {
    const cache = await caches?.open(CACHE_NAME);
    if (!cache) return;
    const path = key.slice(0, key.indexOf("?"));
    for (const request of await cache.keys()) {
      if (request.url.slice(0, request.url.indexOf("?")) === path) await cache.delete(request);
    }
    if (bytes) await cache.put(key, new Response(bytes));
  } catch {
    // No room, or a private window: the pack is used from memory.
  }
}

async function download(
  fetch: typeof globalThis.fetch,
  url: string,
  cache: RequestCache,
  onBytes: (bytes: number) => void,
  job: Job | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { cache, ...(job?.signal ? { signal: job.signal } : {}) });
    if (!response.ok || !response.body) {
      throw new PackError(
        `${url} answered ${response.status} ${response.statusText}`.trim(),
        response.status === 404 ? "Check that the pack is there." : "Try again in a while.",
      );
    }
    return await readAll(response.body, onBytes, job);
  } catch (error) {
    if (isCancelled(error)) throw new CancelledError();
    if (error instanceof PackError) throw error;
    throw new PackError(`${url} cannot be loaded`, "Check the connection and try again.", {
      cause: error,
    });
  }
}

async function readAll(
  body: ReadableStream<Uint8Array>,
  onBytes: (bytes: number) => void,
  job: Job | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    throwIfCancelled(job);
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    onBytes(size);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
