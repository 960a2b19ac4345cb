import { isNpy } from "../../containers/npy.ts";
import { isZip } from "../../containers/zip.ts";

/** So many first bytes of a file are enough for `looksLikeTracks`. */
export const SNIFF_BYTES = 4096;

/**
 * Whether a file holds tracks rather than pictures, told by its first bytes. Pickles and torch files
 * count as tracks, so that their refusal says what to do instead.
 */
export function looksLikeTracks(head: Uint8Array, name: string): boolean {
  if (isNpy(head)) return true;
  if (isZip(head)) return /\.npz$/i.test(name) || /\.npy$|\.pkl$/.test(firstEntry(head));
  if (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5) return true;
  if (/\.(json|csv|tsv|npy|npz|pkl|pickle|pt|pth)$/i.test(name)) return true;
  return false;
}

function firstEntry(head: Uint8Array): string {
  if (head.length < 30) return "";
  const nameBytes = head[26] | (head[27] << 8);
  return new TextDecoder().decode(head.subarray(30, 30 + nameBytes));
}
