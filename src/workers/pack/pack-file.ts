import { free } from "../channel/transfer.ts";

/** A file of a pack: a Blob, or bytes that are held here. */
export type PackFile = Pick<Blob, "size" | "arrayBuffer" | "text" | "stream">;

/**
 * A file that has just arrived. A Blob of it would copy it, with half as much again for room, and keep that
 * until the collector comes by, which an idle thread does not call.
 */
export class HeldFile implements PackFile {
  constructor(private bytes: Uint8Array<ArrayBuffer>) {}

  get size(): number {
    return this.bytes.length;
  }

  /** The bytes themselves, to be read only. */
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.bytes.buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.bytes);
  }

  /** In pieces, so that nobody has to hold a copy of the whole. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { bytes } = this;
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + PIECE_BYTES));
        at += PIECE_BYTES;
      },
    });
  }

  /** It lies elsewhere, and is not read here any more. */
  free(): void {
    free(this.bytes);
  }
}

const PIECE_BYTES = 2 ** 18;
