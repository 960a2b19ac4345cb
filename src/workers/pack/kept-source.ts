import { PackError } from "../../domain/errors.ts";
import { type KeptPack, SHELF } from "../../domain/pack/location.ts";
import type { PackSource } from "./load.ts";
import { PackCache } from "./pack-cache.ts";

/** Reads a kept pack from the cache and nothing else: no file is fetched. */
export function keptPackSource(pack: KeptPack, caches: CacheStorage | undefined): PackSource {
  const { baseUrl, manifest } = pack;
  const cache = new PackCache(caches);
  const urlOf = (path: string) => new URL(path, baseUrl).href;
  return {
    label: manifest.name,
    manifest: async () => new TextEncoder().encode(JSON.stringify(manifest)),
    async file(entry, onBytes) {
      const blob = await cache.read(urlOf(entry.path), entry);
      if (blob) {
        onBytes(blob.size);
        return blob;
      }
      throw new PackError(
        `${manifest.name} is no longer kept in this browser: ${entry.path} is gone`,
        "Load the pack again under Model.",
      );
    },
    async settle({ path }, blob) {
      if (!blob) await cache.forget(urlOf(path));
      return blob;
    },
  };
}

/**
 * `source`, a folder or zip, with its files kept for the next visit. One such pack is kept at a time:
 * the one before gives way.
 */
export function shelvedSource(
  source: PackSource,
  { baseUrl }: KeptPack,
  caches: CacheStorage | undefined,
): PackSource {
  const cache = new PackCache(caches);
  let cleared: Promise<void> | null = null;
  return {
    ...source,
    async settle(entry, blob) {
      cleared ??= cache.forgetBelow(new URL("..", baseUrl).href, baseUrl);
      await cleared;
      const url = new URL(entry.path, baseUrl).href;
      if (!blob) return null;
      return (await cache.read(url, entry)) ?? (await cache.write(url, entry, blob));
    },
  };
}

/** Drops what is kept of folders and zips; what came from an address stays. */
export async function clearShelf(caches: CacheStorage | undefined, origin: string): Promise<void> {
  await new PackCache(caches).forgetBelow(new URL(SHELF, origin).href, null);
}
