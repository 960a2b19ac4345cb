import type { GrayFrame, Size } from "../../domain/clip.ts";

/** 400 kB each at the studio's size: two windows of 81 and what really followed, in under 80 MB. */
const CAPACITY = 192;

/** Luma of frames that were read before: another "now" needs most of them again. The oldest give way. */
export class KeptLuma {
  private readonly frames = new Map<number, GrayFrame["gray"]>();
  private size: Size = { width: 0, height: 0 };

  constructor(private readonly capacity = CAPACITY) {}

  /** What is kept is of one size: another one begins anew. */
  startFor(size: Size): void {
    if (size.width === this.size.width && size.height === this.size.height) return;
    this.frames.clear();
    this.size = size;
  }

  has(index: number): boolean {
    return this.frames.has(index);
  }

  /** A copy, to be handed over. */
  copy(index: number): GrayFrame["gray"] | undefined {
    return this.frames.get(index)?.slice();
  }

  put(index: number, gray: GrayFrame["gray"]): void {
    this.frames.delete(index);
    this.frames.set(index, gray.slice());
    for (const oldest of this.frames.keys()) {
      if (this.frames.size <= this.capacity) return;
      this.frames.delete(oldest);
    }
  }
}
