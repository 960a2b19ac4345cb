import type { GrayFrame, Size } from "../domain/clip.ts";
import { type Job, throwIfCancelled } from "../domain/job.ts";
import type { PackGeometry } from "../domain/pack/geometry.ts";
import type { FrameTaps, OpenClip } from "../domain/ports.ts";

/** What will be wanted once the frames of the first reading have been seen. */
interface Ahead {
  /** Whether a frame is asked for twice; the others are let go as soon as they were read. */
  isKept(index: number): boolean;
  /** The first frame that nobody will ask for. */
  readonly end: number;
}

/**
 * A clip whose first reading of luma goes on to `ahead.end` by itself, so that what followed is decoded
 * in the same pass, while the past is being tracked. Readings that the pass does not cover, and those of
 * pictures, are the clip's own. Closing it ends the pass; the clip stays open.
 */
class ReadAhead implements OpenClip {
  private pass: Pass | null = null;

  constructor(
    private readonly clip: OpenClip,
    private readonly ahead: Ahead,
  ) {}

  get info() {
    return this.clip.info;
  }

  async read(
    start: number,
    end: number,
    size: Size,
    taps: FrameTaps,
    job: Job = {},
  ): Promise<void> {
    const { onLuma } = taps;
    if (taps.onFrame || taps.onPlanar || !onLuma || end > this.ahead.end) {
      await this.clip.read(start, end, size, taps, job);
      return;
    }
    this.pass ??= new Pass(this.clip, start, size, this.ahead);
    if (!this.pass.covers(start, size)) {
      await this.clip.read(start, end, size, taps, job);
      return;
    }
    await this.pass.tell(start, end, onLuma, job);
  }

  async close(): Promise<void> {
    await this.pass?.stop();
  }
}

/** `work` with the clip, read as a forecast at `nowIndex` reads it: the past, then what followed. */
export async function readingAhead<T>(
  clip: OpenClip,
  nowIndex: number,
  { horizonFrames, referenceFrame }: PackGeometry,
  work: (clip: OpenClip) => Promise<T>,
): Promise<T> {
  const end = Math.min(clip.info.frameCount, nowIndex + 1 + horizonFrames);
  // Where points begin in the past, what followed is tracked from there; else from "now" on.
  const isKept = (index: number) => referenceFrame === "first-history" || index === nowIndex;
  const ahead = new ReadAhead(clip, { isKept, end });
  try {
    return await work(ahead);
  } finally {
    await ahead.close();
  }
}

/** One reading from `start` to `ahead.end`, and what of it is still to be asked for. */
class Pass {
  private readonly frames = new Map<number, GrayFrame>();
  private readonly stopping = new AbortController();
  private readonly reading: Promise<void>;
  private failure: unknown;
  private hasEnded = false;
  /** Called whenever a frame came or the reading ended. */
  private wake = () => {};
  private gone = 0;

  constructor(
    clip: OpenClip,
    private readonly start: number,
    private readonly size: Size,
    private readonly ahead: Ahead,
  ) {
    const onLuma = (luma: GrayFrame, index: number) => {
      this.frames.set(index, luma);
      this.wake();
    };
    const { signal } = this.stopping;
    this.reading = clip
      .read(start, ahead.end, size, { onLuma }, { signal })
      .catch((error: unknown) => {
        this.failure = error;
      })
      .then(() => {
        this.hasEnded = true;
        this.wake();
      });
  }

  covers(start: number, { width, height }: Size): boolean {
    const isSame = width === this.size.width && height === this.size.height;
    return isSame && start >= Math.max(this.start, this.gone);
  }

  async tell(
    start: number,
    end: number,
    onLuma: NonNullable<FrameTaps["onLuma"]>,
    job: Job,
  ): Promise<void> {
    for (let index = start; index < end; index++) {
      const frame = await this.frame(index, job);
      const isKept = this.ahead.isKept(index);
      // Whoever hears of it may give it away.
      onLuma(isKept ? { ...frame, gray: frame.gray.slice() } : frame, index);
      if (!isKept) {
        this.frames.delete(index);
        this.gone = index + 1;
      }
      job.onProgress?.({ stage: "decode", done: index + 1 - start, total: end - start });
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.reading;
  }

  private async frame(index: number, job: Job): Promise<GrayFrame> {
    const wake = () => this.wake();
    job.signal?.addEventListener("abort", wake);
    try {
      for (;;) {
        throwIfCancelled(job);
        const frame = this.frames.get(index);
        if (frame) return frame;
        if (this.hasEnded) throw this.failure ?? new Error(`frame ${index} was not read`);
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    } finally {
      job.signal?.removeEventListener("abort", wake);
    }
  }
}
