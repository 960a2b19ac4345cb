import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { PackManifest } from "./manifest.ts";

/**
 * Who a pack is: sha256 over the sorted lines "path sha256" of its files, in hex. The `id` of the
 * manifest is a label for people, which packs may share; the same content is the same model.
 */
export function packIdentity({ files }: Pick<PackManifest, "files">): string {
  const lines = files.map(({ path, sha256 }) => `${path} ${sha256}\n`).sort();
  return bytesToHex(sha256(utf8ToBytes(lines.join(""))));
}
