import { createHash } from "node:crypto";

/** One file of the built site, as the service worker knows it. */
export interface SiteFile {
  /** Relative to the site's root. */
  readonly path: string;
  readonly hash: string;
  /** Kept before the worker takes over; the rest follows in the background. */
  readonly isShell: boolean;
}

/** Larger files are runtimes, weights and samples. */
const SHELL_BYTES = 1_500_000;

export function siteFile(path: string, bytes: string | Uint8Array): SiteFile {
  const hash = hashOf(bytes);
  const isShell = /\.(?:html|m?js|css)$/.test(path) && bytes.length < SHELL_BYTES;
  return { path, hash, isShell };
}

/** Shell first, then what the first forecast needs, the largest last. */
export function sortedForKeeping(
  files: readonly (SiteFile & { readonly bytes: number })[],
): SiteFile[] {
  return [...files]
    .sort((a, b) => Number(b.isShell) - Number(a.isShell) || a.bytes - b.bytes)
    .map(({ path, hash, isShell }) => ({ path, hash, isShell }));
}

export function hashOf(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
