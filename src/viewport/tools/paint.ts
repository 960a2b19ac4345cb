import type { Layer } from "../../domain/edits/depth.ts";
import type { TileView } from "../tile-view.ts";
import type { Pen } from "./pen.ts";

const FILL = "rgb(255 95 162 / 0.28)";

/** What was painted as nearer, over the picture of "now". */
export function drawLayers({ context, views }: Pen, layers: readonly Layer[]): void {
  context.fillStyle = FILL;
  for (const view of views) {
    for (const layer of layers) context.fill(outlineOf(view, layer));
  }
}

const CORNERS = 24;

/** Discs along the strokes, wound alike, so that where they overlap they are one. */
function outlineOf(view: TileView, { radius, strokes }: Layer): Path2D {
  const path = new Path2D();
  for (const [x, y] of strokes.flat()) {
    for (let i = 0; i <= CORNERS; i++) {
      const angle = (2 * Math.PI * i) / CORNERS;
      const at = view.toScreen(x + radius * Math.cos(angle), y + radius * Math.sin(angle), 0);
      if (at && i === 0) path.moveTo(at.x, at.y);
      else if (at) path.lineTo(at.x, at.y);
    }
    path.closePath();
  }
  return path;
}
