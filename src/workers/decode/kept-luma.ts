import type { GrayFrame, Size } from "../../domain/clip.ts";

type Gray = GrayFrame["gray"];

/** 400 kB each at the studio's size: two windows of 81 and what really followed, in under 80 MB. */
const CAPACITY = 192;

/** Luma of frames that were read before: another "now" needs most of them again. The oldest give way. */
export class KeptLuma {
  private readonly frames = new Map<number, Gray>();
  private size: Size = { width: 0, height: 0 };

  constructor(private readonly capacity = CAPACITY) {}

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

  /** Keeps a copy; of a reading at a size that another one has left, nothing. */
  put(size: Size, index: number, gray: Gray): void {
    if (!this.isOf(size)) return;
    this.frames.delete(index);
    this.frames.set(index, gray.slice());
    for (const oldest of this.frames.keys()) {
      if (this.frames.size <= this.capacity) return;
      this.frames.delete(oldest);
    }
  }

  private isOf({ width, height }: Size): boolean {
    return width === this.size.width && height === this.size.height;
  }
}
