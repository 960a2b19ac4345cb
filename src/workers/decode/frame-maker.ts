import type { Frame, GrayFrame, Size } from "../../domain/clip.ts";
import { LumaRenderer } from "../../engine/picture/kernel/luma.ts";
import type { Picture } from "../../engine/picture/picture.ts";
import type { Placement } from "../../engine/picture/placement.ts";
import { PictureRenderer } from "../../engine/picture/render.ts";
import { grayFromFrame } from "../../engine/tracking/luma.ts";

/** What is made of one decoded picture. */
export interface Made {
  readonly rgba?: Frame["rgba"];
  readonly gray?: GrayFrame["gray"];
}

/** Makes of decoded pictures what is wanted of them, and nothing else. */
export class FrameMaker {
  private readonly pictures: PictureRenderer;
  private readonly luma: LumaRenderer | null;
  private readonly size: Size;

  /** `kernel` is the compiled luma kernel; null where it cannot be had. */
  constructor(placement: Placement, kernel: WebAssembly.Module | null) {
    this.size = placement.size;
    this.pictures = new PictureRenderer(placement);
    this.luma = kernel && new LumaRenderer(kernel, placement);
  }

  make(picture: Picture, wants: { readonly picture: boolean; readonly luma: boolean }): Made {
    const gray = wants.luma ? this.luma?.render(picture)?.gray : undefined;
    if (!wants.picture && (gray || !wants.luma)) return gray ? { gray } : {};
    const rgba = this.pictures.render(picture);
    const frame: Frame = { index: 0, size: this.size, rgba };
    return {
      ...(wants.picture && { rgba }),
      ...(wants.luma && { gray: gray ?? grayFromFrame(frame).gray }),
    };
  }
}
