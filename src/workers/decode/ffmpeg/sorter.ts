import type { Size } from "../../../domain/clip.ts";
import { type PixelLayout, packedByteLength } from "../../../engine/picture/picture.ts";
import { sizeOfLine, TOLERANCE_MICROS, timeOfLine, type WantedPicture } from "./extract.ts";

/** Receives the wanted picture of a position; the bytes are reused after the call. */
export type OnStored = (position: number, bytes: Uint8Array, size: Size) => void;

interface Announced {
  readonly micros: number;
  readonly nth: number;
  readonly size: Size;
}

interface Stored {
  readonly bytes: Uint8Array;
  readonly size: Size;
}

/**
 * Puts ffmpeg's two streams back together and picks the wanted pictures. A wanted picture that
 * cannot be decoded is shown as the one before it (the one after it at the very start).
 */
export class PictureSorter {
  private readonly chunks: Uint8Array[] = [];
  private have = 0;
  private readonly announced: Announced[] = [];
  private nextSize: Size;
  private lastTime: { readonly micros: number; readonly nth: number } | undefined;
  private next = 0;
  private last: Stored | undefined;
  /** Timestamp of the first picture that came. */
  firstMicros: number | undefined;

  constructor(
    source: { readonly layout: PixelLayout; readonly storedSize: Size },
    private readonly wanted: readonly WantedPicture[],
    private readonly onWanted: OnStored,
    private readonly layout: PixelLayout = source.layout,
  ) {
    this.nextSize = source.storedSize;
  }

  get delivered(): number {
    return this.next;
  }

  addLine(line: string): void {
    this.nextSize = sizeOfLine(line) ?? this.nextSize;
    const micros = timeOfLine(line);
    if (micros === undefined) return;
    this.firstMicros ??= micros;
    const nth = this.lastTime?.micros === micros ? this.lastTime.nth + 1 : 0;
    this.lastTime = { micros, nth };
    this.announced.push({ micros, nth, size: this.nextSize });
    this.deliver();
  }

  addBytes(chunk: Uint8Array): void {
    this.chunks.push(chunk.slice());
    this.have += chunk.length;
    this.deliver();
  }

  /** After the last byte: what is still wanted repeats the last picture. */
  finish(): void {
    this.deliver();
    while (this.last && this.next < this.wanted.length) this.show(this.last);
  }

  private deliver(): void {
    for (;;) {
      const head = this.announced[0];
      const length = head ? packedByteLength(this.layout, head.size) : Number.POSITIVE_INFINITY;
      if (!head || this.have < length) return;
      this.announced.shift();
      const stored = { bytes: this.take(length), size: head.size };
      while (this.compare(head) < 0) this.show(this.last ?? stored);
      if (this.compare(head) === 0) this.show(stored);
      this.last = stored;
    }
  }

  private show({ bytes, size }: Stored): void {
    this.onWanted(this.next++, bytes, size);
  }

  /** Below 0 where the next wanted picture should have come before `found`, 0 where it is it. */
  private compare(found: Announced): number {
    const wanted = this.wanted[this.next];
    if (!wanted) return 1;
    const difference = wanted.micros - found.micros;
    if (Math.abs(difference) > TOLERANCE_MICROS) return difference;
    return wanted.nth - found.nth;
  }

  private take(length: number): Uint8Array {
    const out = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.chunks[0];
      const part = chunk.subarray(0, length - filled);
      out.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) this.chunks.shift();
      else this.chunks[0] = chunk.subarray(part.length);
    }
    this.have -= length;
    return out;
  }
}
