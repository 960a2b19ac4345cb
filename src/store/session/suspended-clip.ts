import type { ClipInfo, Size } from "../../domain/clip.ts";
import { MediaError } from "../../domain/errors.ts";
import { type Job, unlessCancelled } from "../../domain/job.ts";
import type { FrameTaps, OpenClip } from "../../domain/ports.ts";

/**
 * A clip whose decoder runs only while the clip is on stage or read: the undo history and a restored
 * session hold clips by their facts alone. `read` opens it again; rejects with MediaError where the
 * file has changed meanwhile.
 */
export class SuspendedClip implements OpenClip {
  groupStarts: OpenClip["groupStarts"];
  private reads = 0;
  private onStage = true;
  private closed = false;
  private opened: Promise<OpenClip> | null;

  constructor(
    readonly info: ClipInfo,
    private readonly openAgain: () => Promise<OpenClip>,
    first: OpenClip | null = null,
  ) {
    this.opened = first && Promise.resolve(first);
    this.groupStarts = first?.groupStarts;
  }

  /** Off stage its decoder is given up as soon as nothing reads. */
  setOnStage(onStage: boolean): void {
    this.onStage = onStage;
    if (!onStage) this.suspend();
  }

  async read(start: number, end: number, size: Size, taps: FrameTaps, job?: Job): Promise<void> {
    this.reads++;
    try {
      const clip = await unlessCancelled(this.reopen(), job);
      this.groupStarts = clip.groupStarts;
      await clip.read(start, end, size, taps, job);
    } finally {
      this.reads--;
      if (!this.onStage) this.suspend();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const { opened } = this;
    this.opened = null;
    await opened?.then(
      (clip) => clip.close(),
      () => undefined,
    );
  }

  private reopen(): Promise<OpenClip> {
    if (this.opened) return this.opened;
    const opening = this.openAgain().then(async (clip) => {
      if (!this.closed && clip.info.frameCount === this.info.frameCount) return clip;
      await clip.close();
      throw new MediaError(`${this.info.name} is not what it was`, "Open the clip again.");
    });
    this.opened = opening;
    opening.catch(() => {
      if (this.opened === opening) this.opened = null;
    });
    return opening;
  }

  private suspend(): void {
    if (this.reads > 0) return;
    const { opened } = this;
    this.opened = null;
    opened?.then(
      (clip) => clip.close(),
      () => undefined,
    );
  }
}
