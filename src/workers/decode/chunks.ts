import { type ByteSource, latin, viewOf } from "./bytes.ts";

/** How a format that is a row of named chunks writes them. */
interface ChunkShape {
  /** Where the first one begins. */
  readonly first: number;
  readonly nameAt: number;
  readonly lengthAt: number;
  readonly littleEndian: boolean;
  /** Bytes from one chunk's start to the next. */
  readonly stride: (length: number) => number;
}

export const PNG: ChunkShape = {
  first: 8,
  nameAt: 4,
  lengthAt: 0,
  littleEndian: false,
  stride: (length) => 12 + length,
};
export const RIFF: ChunkShape = {
  first: 12,
  nameAt: 0,
  lengthAt: 4,
  littleEndian: true,
  stride: (length) => 8 + length + (length & 1),
};

/** The chunks of a file, up to its end or to where it is cut; `at` is where a content begins. */
export async function* chunksOf(
  file: ByteSource,
  { first, nameAt, lengthAt, littleEndian, stride }: ChunkShape,
): AsyncGenerator<{ readonly name: string; readonly at: number }> {
  for (let at = first; at + 8 <= file.size; ) {
    const head = await file.read(at, 8);
    if (head.length < 8) return;
    yield { name: latin(head, nameAt, nameAt + 4), at: at + 8 };
    at += stride(viewOf(head).getUint32(lengthAt, littleEndian));
  }
}
