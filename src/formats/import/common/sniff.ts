import { BINARY_READERS, TRACK_READERS } from "../registry.ts";

/** So many first bytes of a file are enough for `looksLikeTracks`. */
export const SNIFF_BYTES = 4096;

/** Endings of names for a chooser of files, as `accept` takes them. */
export const TRACK_ENDINGS = [...new Set(TRACK_READERS.flatMap(({ endings }) => endings))].join(
  ",",
);

/**
 * Whether a file holds tracks rather than pictures, told by its first bytes or the ending of its name.
 * Pickles and torch files count as tracks, so that their refusal says what to do instead.
 */
export function looksLikeTracks(head: Uint8Array, name: string): boolean {
  if (BINARY_READERS.some((reader) => reader.matches(head, name))) return true;
  const ending = name.slice(name.lastIndexOf(".")).toLowerCase();
  return TRACK_READERS.some(({ endings }) => endings.includes(ending));
}
