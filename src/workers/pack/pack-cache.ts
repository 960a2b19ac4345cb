import type { PackFileEntry } from "./load.ts";
import type { PackFile } from "./pack-file.ts";

const CACHE_NAME = "foretrack-packs";

/**
 * Files of packs, and parts of unfinished ones, kept for the next visit. Keys hold the content's
 * hash: a new pack at the same address never meets the old files. Nothing here ever fails: a broken,
 * full or forbidden cache costs a download.
 */
export class PackCache {
  /** `caches` is absent where the platform has none. */
  constructor(private readonly caches: CacheStorage | undefined) {}

  /** The whole file, or null. */
  async read(url: string, entry: PackFileEntry): Promise<Blob | null> {
    return this.quietly(async (cache) => {
      const hit = await cache.match(keyOf(url, entry));
      return hit ? hit.blob() : null;
    });
  }

  /** Keeps the whole file in place of older ones of its address and of its parts. */
  async write(url: string, entry: PackFileEntry, file: PackFile): Promise<Blob | null> {
    return this.quietly(async (cache) => {
      const key = keyOf(url, entry);
      await cache.put(key, new Response(file instanceof Blob ? file : file.stream()));
      await forget(cache, url, key);
      // The kept blob lies on disk; the one that was downloaded may lie in memory.
      return (await cache.match(key))?.blob() ?? null;
    });
  }

  /** What is there of an unfinished file, from its beginning. */
  async parts(url: string, entry: PackFileEntry): Promise<Blob[]> {
    const found = await this.quietly(async (cache) => {
      const parts: Blob[] = [];
      for (;;) {
        const hit = await cache.match(partKey(url, entry, parts.length));
        if (!hit) return parts;
        parts.push(await hit.blob());
      }
    });
    return found ?? [];
  }

  /** Keeps part `index`; gives it back from disk where that worked. */
  async writePart(url: string, entry: PackFileEntry, index: number, blob: Blob): Promise<Blob> {
    const kept = await this.quietly(async (cache) => {
      const key = partKey(url, entry, index);
      await cache.put(key, new Response(blob));
      return (await cache.match(key))?.blob() ?? null;
    });
    return kept?.size === blob.size ? kept : blob;
  }

  /** Drops everything of that address. */
  async forget(url: string): Promise<void> {
    await this.quietly((cache) => forget(cache, url, null));
  }

  /** Drops everything whose address starts with `prefix`, but for what starts with `except`. */
  async forgetBelow(prefix: string, except: string | null): Promise<void> {
    await this.quietly(async (cache) => {
      for (const request of await cache.keys()) {
        const stays = except !== null && request.url.startsWith(except);
        if (request.url.startsWith(prefix) && !stays) await cache.delete(request);
      }
    });
  }

  private async quietly<T>(use: (cache: Cache) => Promise<T>): Promise<T | null> {
    try {
      const cache = await this.caches?.open(CACHE_NAME);
      return cache ? await use(cache) : null;
    } catch {
      return null;
    }
  }
}

function keyOf(url: string, { sha256 }: PackFileEntry): string {
  return `${url}?sha256=${sha256}`;
}

function partKey(url: string, entry: PackFileEntry, index: number): string {
  return `${keyOf(url, entry)}&part=${index}`;
}

async function forget(cache: Cache, url: string, except: string | null): Promise<void> {
  for (const request of await cache.keys()) {
    const isOfUrl = request.url.slice(0, request.url.indexOf("?")) === url;
    if (isOfUrl && request.url !== except) await cache.delete(request);
  }
}
