import { packIdentity } from "./identity.ts";
import type { PackManifest } from "./manifest.ts";

/** A pack whose files an earlier load left in the browser's cache. */
export interface KeptPack {
  /** The pack's address, or what stands for it where it came from a folder or zip. */
  readonly baseUrl: string;
  readonly manifest: PackManifest;
}

/** Where a pack is: below an absolute URL that ends in a slash, a zip, files by path, or kept in the
 * browser by an earlier load. */
export type PackLocation =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "zip"; readonly zip: Blob }
  | { readonly kind: "kept"; readonly pack: KeptPack }
  | { readonly kind: "files"; readonly files: ReadonlyMap<string, Blob> };

/** Kept files of packs without an address lie below this. No page lives here: keys of the browser's
 * cache must be addresses. */
export const SHELF = "kept-packs/";

/** Stands for the address of a pack that has none. `origin`: the site's own. */
export function shelfUrl(manifest: PackManifest, origin: string): string {
  return new URL(`${SHELF}${packIdentity(manifest)}/`, origin).href;
}

/** Under which address the browser keeps a pack's files. `origin`: the site's own. */
export function keptUrlOf(location: PackLocation, manifest: PackManifest, origin: string): string {
  if (location.kind === "kept") return location.pack.baseUrl;
  return location.kind === "url" ? location.url : shelfUrl(manifest, origin);
}

/** Whether an address names a zip. Others may still answer with one. */
export function isZipUrl(address: string): boolean {
  return /\.zip$/i.test(new URL(address).pathname);
}

/** The folder of a pack's address, which may name the folder or its manifest. */
export function packBaseUrl(address: string): string {
  const url = new URL(address);
  url.search = "";
  url.hash = "";
  url.pathname = url.pathname.replace(/\/manifest\.json$/, "/").replace(/\/?$/, "/");
  return url.href;
}
