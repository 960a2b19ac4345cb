import type { LoadedArrays } from "./types.ts";

/** One kind of file that tracks are read from: how it is known, and its content as named arrays. */
export type TrackReader = BinaryReader | TextReader;

interface Reader {
  /** What the dialog calls it. */
  readonly name: string;
  /** Endings of file names that speak for it, with the dot. */
  readonly endings: readonly string[];
}

export interface BinaryReader extends Reader {
  /** Told by the first bytes; at least SNIFF_BYTES of them where the file has as many. */
  matches(head: Uint8Array, name: string): boolean;
  /** @throws FormatError with the way out. */
  load(bytes: Uint8Array, name: string): LoadedArrays;
}

export interface TextReader extends Reader {
  matchesText(text: string, name: string): boolean;
  /** @throws FormatError with the way out. */
  loadText(text: string, name: string): LoadedArrays;
}
