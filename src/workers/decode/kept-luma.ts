import type { GrayFrame, Size } from "../../domain/clip.ts";
import { free } from "../channel/transfer.ts";

type Gray = GrayFrame["gray"];

/** 400 kB each at the studio's size: two windows of 81 and what really followed, in under 80 MB. */
const CAPACITY = 192;

/**
 * Luma of frames that were read before: another "now" needs most of them again. The oldest give way. Where
 * threads can share memory, all of them see what is kept here, and nobody makes a copy.
 */
export class KeptLuma {
  private readonly frames = new Map<number, Gray>();
  private size: Size = { width: 0, height: 0 };

  constructor(
    private readonly capacity = CAPACITY,
    private readonly isShared = globalThis.crossOriginIsolated === true,
  ) {}

  /**
   * What is kept of the frames from `start` to before `end`, to be read only: it stays whole, whatever
   * gives way meanwhile. All is of one size: another one begins anew.
   */
  startFor(size: Size, start: number, end: number): ReadonlyMap<number, Gray> {
    if (!this.isOf(size)) {
      this.frames.clear();
      this.size = size;
    }
    return new Map([...this.frames].filter(([index]) => index >= start && index < end));
  }

  /**
   * Keeps a copy; of a reading at a size that another one has left, nothing. Gives what may be handed on:
   * `gray` itself, or in its place what is shared.
   */
  put(size: Size, index: number, gray: Gray): Gray {
    if (!this.isOf(size)) return gray;
    const known = this.isShared ? this.frames.get(index) : undefined;
    // Others may hold what is shared of the frame: a second one would lie beside it.
    if (known && known !== gray) free(gray);
    const kept = known ?? (this.isShared ? shared(gray) : gray.slice());
    this.frames.delete(index);
    this.frames.set(index, kept);
    for (const oldest of this.frames.keys()) {
      if (this.frames.size <= this.capacity) break;
      this.frames.delete(oldest);
    }
    return this.isShared ? kept : gray;
  }

  /**
   * In place of a picture's luma what is shared of the frame, so that a picture on the stage and the tracker hold
   * it once; where nothing is shared, `luma` itself. Where no tracker has read yet, as of a clip whose tracks are
   * known, the pictures' size is the one that is kept: the next "now" finds their luma here.
   */
  inPlaceOf(luma: Gray, size: Size, index: number): Gray {
    if (!this.isShared) return luma;
    if (this.size.width === 0) this.size = size;
    if (!this.isOf(size)) return luma;
    return this.frames.get(index) ?? this.put(size, index, luma);
  }

  /** After `inPlaceOf`: where all were given what is shared, the picture's own is of no more use. */
  giveUp(luma: Gray, size: Size): void {
    if (this.isShared && this.isOf(size)) free(luma);
  }

  /** Of what is kept, what may be handed on. */
  handOn(kept: Gray): Gray {
    return this.isShared ? kept : kept.slice();
  }

  private isOf({ width, height }: Size): boolean {
    return width === this.size.width && height === this.size.height;
  }
}

function shared(gray: Gray): Gray {
  if (gray.buffer instanceof SharedArrayBuffer) return gray;
  const copy = new Uint8Array(new SharedArrayBuffer(gray.length));
  copy.set(gray);
  free(gray);
  return copy;
}
