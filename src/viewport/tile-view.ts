import type { Rect } from "../domain/fitting.ts";

export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * One drawn picture and the way between it and track space: x and y in videoPx, frames relative to
 * "now". Places on the screen are CSS px from the canvas's upper left corner.
 */
export class TileView {
  /** `clipFromTrack`: column-major 4×4. */
  constructor(
    readonly rect: Rect,
    private readonly clipFromTrack: ArrayLike<number>,
  ) {}

  /** Null behind the eye. */
  toScreen(x: number, y: number, frame: number): Place | null {
    const m = this.clipFromTrack;
    const w = m[3] * x + m[7] * y + m[11] * frame + m[15];
    if (w <= 0) return null;
    const clipX = (m[0] * x + m[4] * y + m[8] * frame + m[12]) / w;
    const clipY = (m[1] * x + m[5] * y + m[9] * frame + m[13]) / w;
    return {
      x: this.rect.x + ((clipX + 1) / 2) * this.rect.width,
      y: this.rect.y + ((1 - clipY) / 2) * this.rect.height,
    };
  }

  /** What lies there in the plane of a frame; null where the plane is seen from its edge. */
  toTrack(screenX: number, screenY: number, frame: number): Place | null {
    const m = this.clipFromTrack;
    const clipX = (2 * (screenX - this.rect.x)) / this.rect.width - 1;
    const clipY = 1 - (2 * (screenY - this.rect.y)) / this.rect.height;
    const w = m[11] * frame + m[15];
    // clip.x = clipX·w and clip.y = clipY·w, two linear equations in x and y.
    const [a, b, right] = [
      m[0] - clipX * m[3],
      m[4] - clipX * m[7],
      clipX * w - m[8] * frame - m[12],
    ];
    const [c, d, below] = [
      m[1] - clipY * m[3],
      m[5] - clipY * m[7],
      clipY * w - m[9] * frame - m[13],
    ];
    const determinant = a * d - b * c;
    if (Math.abs(determinant) < 1e-12) return null;
    return { x: (d * right - b * below) / determinant, y: (a * below - c * right) / determinant };
  }
}
