import { PackError } from "../../domain/errors.ts";
import { downloadBytes, downloadFile } from "./download.ts";
import type { PackSource } from "./load.ts";
import { PackCache } from "./pack-cache.ts";

export interface UrlSourceOptions {
  /** Keeps files for the next visit; absent where the platform has no cache. */
  readonly caches?: CacheStorage | undefined;
  readonly fetch?: typeof fetch;
}

/** A pack below `baseUrl` (absolute, ending in a slash): `manifest.json` and its files. */
export function urlPackSource(baseUrl: string, options: UrlSourceOptions = {}): PackSource {
  const { caches, fetch = globalThis.fetch.bind(globalThis) } = options;
  const cache = new PackCache(caches);
  const fromCache = new Set<string>();
  const urlOf = (path: string) => new URL(path, baseUrl).href;

  return {
    label: baseUrl,
    manifest: (job) => downloadBytes(fetch, urlOf("manifest.json"), job),
    async file(entry, onBytes, job) {
      const url = urlOf(entry.path);
      const kept = await cache.read(url, entry);
      if (kept) {
        fromCache.add(entry.path);
        onBytes(kept.size);
        return kept;
      }
      return downloadFile({ fetch, cache, url, entry }, onBytes, job);
    },
    async settle(entry, blob) {
      if (blob && fromCache.has(entry.path)) return blob;
      fromCache.delete(entry.path);
      const url = urlOf(entry.path);
      if (blob) return cache.write(url, entry, blob);
      await cache.forget(url);
      return null;
    },
  };
}

/**
 * A pack's address in full.
 * @throws PackError for what is no address.
 */
export function packUrl(address: string, base: string): URL {
  try {
    return new URL(address.trim(), base);
  } catch (error) {
    throw new PackError(`“${address}” is not an address`, "Give one that starts with https://.", {
      cause: error,
    });
  }
}
