import type { PlanarPicture } from "../../domain/planar-picture.ts";
import type { Made, Wants } from "../../engine/picture/kernel/renderer.ts";
import type { KeptLuma } from "./kept-luma.ts";
import { type ReadEvent, type ReadRequest, WANTED } from "./protocol.ts";

type FrameEvent = Extract<ReadEvent, { kind: "frame" }>;

/** One reading of frames: tells of each in order, what is kept of it or what is made of it now. */
export class ReadPass {
  /** The frame that is told of next. */
  next: number;
  /** Luma that was there when the reading began: what need not be decoded is not to give way to it. */
  private readonly ready: ReturnType<KeptLuma["startFor"]>;

  constructor(
    readonly request: ReadRequest,
    private readonly kept: KeptLuma,
    private readonly tell: (event: FrameEvent) => void,
  ) {
    const { start, end, size, wantsLuma } = request;
    this.next = start;
    this.ready = wantsLuma ? kept.startFor(size, start, end) : new Map();
  }

  /** Whether the frame has to be decoded. */
  needs(index: number): boolean {
    return this.wanted(index) > 0 || (this.request.wantsLuma && !this.ready.has(index));
  }

  /** A decoded picture, which these frames show: made once, and each is handed a copy of its own. */
  take(indices: readonly number[], make: (wants: Wants) => Made): void {
    const left = indices.filter((index) => index >= this.next);
    if (left.length === 0) return;
    const forms = left.reduce((all, index) => all | this.wanted(index), 0);
    const picture = (forms & WANTED.rgba) > 0;
    const planar = (forms & WANTED.planar) > 0;
    const { gray: made, ...pictures } = make({ picture, planar, luma: this.request.wantsLuma });
    let gray = made;
    let luma = pictures.planar?.luma;
    for (const index of left) {
      this.skipTo(index);
      if (gray) gray = this.kept.put(this.request.size, index, gray);
      this.next++;
      const isShared = left.length > 1;
      const wanted = this.wanted(index);
      const rgba = wanted & WANTED.rgba ? pictures.rgba : undefined;
      const looks = wanted & WANTED.planar ? pictures.planar : undefined;
      // What is shared of one frame is shared with the others that show the same picture: its own luma is gone.
      if (looks && luma) luma = this.kept.inPlaceOf(luma, looks.size, index);
      this.tell({
        ...{ kind: "frame", index },
        ...(rgba && { rgba: isShared ? rgba.slice() : rgba }),
        ...(looks && luma && { planar: lookOf({ ...looks, luma }, isShared || !!gray) }),
        ...(gray && { gray: isShared && gray === made ? gray.slice() : gray }),
      });
    }
    const { planar: own } = pictures;
    if (own) this.kept.giveUp(own.luma, own.size);
  }

  /** Tells of the frames that are left and need not be decoded. */
  finish(): void {
    this.skipTo(this.request.end);
  }

  private skipTo(index: number): void {
    for (; this.next < index; this.next++) {
      const kept = this.ready.get(this.next);
      const gray = kept && this.kept.handOn(kept);
      this.tell({ kind: "frame", index: this.next, ...(gray && { gray }) });
    }
  }

  /** In which forms the picture is wanted. */
  private wanted(index: number): number {
    return this.request.wanted[index - this.request.start] ?? 0;
  }
}

/** The picture as it may be handed on: where others hold it too, with copies of what is not shared. */
function lookOf(looks: PlanarPicture, hasOthers: boolean): PlanarPicture {
  if (!hasOthers) return looks;
  const isShared = !(looks.luma.buffer instanceof ArrayBuffer);
  return {
    ...looks,
    luma: isShared ? looks.luma : looks.luma.slice(),
    chroma: looks.chroma.slice(),
  };
}
