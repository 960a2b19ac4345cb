import type { Made } from "./frame-maker.ts";
import type { KeptLuma } from "./kept-luma.ts";
import type { ReadEvent, ReadRequest } from "./protocol.ts";

type FrameEvent = Extract<ReadEvent, { kind: "frame" }>;

export interface Wants {
  readonly picture: boolean;
  readonly luma: boolean;
}

/** One reading of frames: tells of each in order, what is kept of it or what is made of it now. */
export class ReadPass {
  /** The frame that is told of next. */
  next: number;

  constructor(
    readonly request: ReadRequest,
    private readonly kept: KeptLuma,
    private readonly tell: (event: FrameEvent) => void,
  ) {
    this.next = request.start;
    kept.startFor(request.size);
  }

  /** Whether the frame has to be decoded. */
  needs(index: number): boolean {
    return this.wantsPicture(index) || (this.request.wantsLuma && !this.kept.has(index));
  }

  /** A decoded picture, which these frames show; `make` makes anew each time, to be handed over. */
  take(indices: readonly number[], make: (wants: Wants) => Made): void {
    for (const index of indices) {
      if (index < this.next) continue;
      this.skipTo(index);
      const luma = this.request.wantsLuma;
      const made = make({ picture: this.wantsPicture(index), luma });
      if (made.gray) this.kept.put(index, made.gray);
      this.next++;
      this.tell({ kind: "frame", index, ...made });
    }
  }

  /** Tells of the frames that are left and need not be decoded. */
  finish(): void {
    this.skipTo(this.request.end);
  }

  private skipTo(index: number): void {
    for (; this.next < index; this.next++) {
      const gray = this.request.wantsLuma ? this.kept.copy(this.next) : undefined;
      this.tell({ kind: "frame", index: this.next, ...(gray && { gray }) });
    }
  }

  private wantsPicture(index: number): boolean {
    return this.request.wanted[index - this.request.start] === 1;
  }
}
