import { planarFrom } from "../../domain/planar-picture.ts";
import { KernelRenderer, type Made, type Wants } from "../../engine/picture/kernel/renderer.ts";
import type { Picture } from "../../engine/picture/picture.ts";
import type { Placement } from "../../engine/picture/placement.ts";
import { PictureRenderer } from "../../engine/picture/render.ts";
import { grayFromFrame } from "../../engine/tracking/luma.ts";

/** Makes of decoded pictures what is wanted of them, and nothing else. */
export class FrameMaker {
  private readonly pictures: PictureRenderer;
  private readonly kernel: KernelRenderer | null;

  /** `kernel` is the compiled picture kernel; null where it cannot be had. */
  constructor(
    private readonly placement: Placement,
    kernel: WebAssembly.Module | null,
  ) {
    this.pictures = new PictureRenderer(placement);
    this.kernel = kernel && new KernelRenderer(kernel, placement);
  }

  make(picture: Picture, wants: Wants): Made {
    if (!wants.picture && !wants.planar && !wants.luma) return {};
    const made = this.kernel?.render(picture, wants);
    if (made) return made;
    const rgba = this.pictures.render(picture);
    const { size } = this.placement;
    return {
      ...(wants.picture && { rgba }),
      ...(wants.planar && { planar: planarFrom({ rgba, size }) }),
      ...(wants.luma && { gray: grayFromFrame({ index: 0, size, rgba }).gray }),
    };
  }
}
