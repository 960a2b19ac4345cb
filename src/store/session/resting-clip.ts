import type { ClipInfo, Size } from "../../domain/clip.ts";
import { MediaError } from "../../domain/errors.ts";
import { type Job, unlessCancelled } from "../../domain/job.ts";
import type { FrameTaps, OpenClip } from "../../domain/ports.ts";

/**
 * A clip whose decoder runs only while the clip is on stage or read: the undo history and a restored
 * session hold clips by their facts alone. `read` opens it again; rejects with MediaError where the
 * file has changed meanwhile.
 */
export class RestingClip implements OpenClip {
  private reads = 0;
  private onStage = true;
  private closed = false;
  private awake: Promise<OpenClip> | null;

  constructor(
    readonly info: ClipInfo,
    private readonly reopen: () => Promise<OpenClip>,
    opened: OpenClip | null = null,
  ) {
    this.awake = opened && Promise.resolve(opened);
  }

  /** Off stage its decoder is given up as soon as nothing reads. */
  setOnStage(onStage: boolean): void {
    this.onStage = onStage;
    if (!onStage) this.rest();
  }

  async read(start: number, end: number, size: Size, taps: FrameTaps, job?: Job): Promise<void> {
    this.reads++;
    try {
      const clip = await unlessCancelled(this.wake(), job);
      await clip.read(start, end, size, taps, job);
    } finally {
      this.reads--;
      if (!this.onStage) this.rest();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const { awake } = this;
    this.awake = null;
    await awake?.then(
      (clip) => clip.close(),
      () => undefined,
    );
  }

  private wake(): Promise<OpenClip> {
    if (this.awake) return this.awake;
    const waking = this.reopen().then(async (clip) => {
      if (!this.closed && clip.info.frameCount === this.info.frameCount) return clip;
      await clip.close();
      throw new MediaError(`${this.info.name} is not what it was`, "Open the clip again.");
    });
    this.awake = waking;
    waking.catch(() => {
      if (this.awake === waking) this.awake = null;
    });
    return waking;
  }

  private rest(): void {
    if (this.reads > 0) return;
    const { awake } = this;
    this.awake = null;
    awake?.then(
      (clip) => clip.close(),
      () => undefined,
    );
  }
}
