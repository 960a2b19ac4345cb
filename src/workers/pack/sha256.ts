import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { PackFile } from "./pack-file.ts";

/**
 * SHA-256 of a file as lower-case hex. Uses the platform's digest where there is one: it is about
 * six times faster. Pages that are not served over https or from localhost have none; there the
 * file is read in pieces and never held whole.
 */
export async function sha256Hex(
  blob: PackFile,
  subtle: SubtleCrypto | null | undefined = globalThis.crypto?.subtle,
): Promise<string> {
  if (subtle) {
    return bytesToHex(new Uint8Array(await subtle.digest("SHA-256", await blob.arrayBuffer())));
  }
  const hash = sha256.create();
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytesToHex(hash.digest());
    hash.update(value);
  }
}
