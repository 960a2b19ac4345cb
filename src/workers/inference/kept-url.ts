import type { PackManifest } from "../../domain/pack/manifest.ts";
import { shelfUrl } from "../pack/kept-source.ts";
import type { PackLocation } from "./protocol.ts";

/** Under which address the browser keeps a pack's files. `origin`: the site's own. */
export function keptUrlOf(location: PackLocation, manifest: PackManifest, origin: string): string {
  if (location.kind === "kept") return location.pack.baseUrl;
  return location.kind === "url" ? location.url : shelfUrl(manifest, origin);
}
