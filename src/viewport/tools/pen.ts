import type { TileView } from "../tile-view.ts";

/** What marks and tools draw with. */
export interface Pen {
  /** In CSS px. */
  readonly context: CanvasRenderingContext2D;
  readonly views: readonly TileView[];
  /** Relative to "now". */
  readonly playhead: number;
}
