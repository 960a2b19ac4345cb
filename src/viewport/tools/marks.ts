import type { TileView } from "../tile-view.ts";
import type { Pen } from "./pen.ts";

/** A handle of an edit, as it is seen on the stage. */
export interface Mark {
  readonly editId: string;
  /** Which of the edit's handles. */
  readonly handle: number;
  readonly label: string;
  /** Relative to "now"; places are videoPx. */
  readonly frame: number;
  readonly x: number;
  readonly y: number;
  /** Where its point is at "now". */
  readonly fromX: number;
  readonly fromY: number;
  /** The way from "now", videoPx; absent where it is straight. */
  readonly pathM2?: readonly (readonly [number, number])[];
  /** Of the patch around the point at "now", videoPx. */
  readonly radius?: number;
  /** One of many that say the same: a dot. */
  readonly isMember?: boolean;
  readonly isOn: boolean;
  readonly isSelected: boolean;
}

const ACCENT = "#ff5fa2";
const CASING = "rgb(8 9 11 / 85%)";
const FONT = "600 11px ui-sans-serif, system-ui, 'Segoe UI', 'Noto Sans', Arial, sans-serif";

/** Rings where edits want their points, a line to where each is at "now", and their names. */
export function drawMarks({ context, views, playhead }: Pen, marks: readonly Mark[]): void {
  context.font = FONT;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const view of views) {
    for (const mark of marks) {
      const at = view.toScreen(mark.x, mark.y, mark.frame);
      const from = view.toScreen(mark.fromX, mark.fromY, 0);
      if (!at || !from) continue;
      context.globalAlpha = mark.isOn ? 1 : 0.4;
      if (mark.isMember) {
        stroke(context, ringAt(at, mark.isSelected ? 4 : 3), 1.5);
        drawLabel(context, mark.label, at.x + 8, at.y);
        continue;
      }
      const radius = mark.isSelected ? 8 : 6;
      context.setLineDash([4, 3]);
      stroke(context, mark.pathM2 ? wayOf(view, mark) : straight(from, at, radius), 1.25);
      if (mark.radius) {
        stroke(context, circleAt(view, mark.fromX, mark.fromY, mark.radius), 1);
      }
      context.setLineDash([]);
      stroke(context, ringAt(at, radius), 2);
      // Filled in the frame in which it holds.
      context.fillStyle = ACCENT;
      if (Math.round(playhead) === mark.frame) {
        context.beginPath();
        context.arc(at.x, at.y, radius - 3.5, 0, 2 * Math.PI);
        context.fill();
      }
      drawLabel(context, mark.label, at.x + radius + 4, at.y);
    }
  }
  context.globalAlpha = 1;
}

/** Points at "now" as dots, the outline of a polygon, and a brush (x, y, radius); all videoPx. */
export function drawArea(
  { context, views }: Pen,
  points: readonly (readonly [number, number])[],
  outline: readonly (readonly [number, number])[],
  brush: readonly [number, number, number] | null,
): void {
  context.globalAlpha = 1;
  context.setLineDash([]);
  for (const view of views) {
    for (const [x, y] of points) {
      const at = view.toScreen(x, y, 0);
      if (at) stroke(context, ringAt(at, 4), 1.5);
    }
    const way = new Path2D();
    for (const [x, y] of outline) {
      const at = view.toScreen(x, y, 0);
      if (at) way.lineTo(at.x, at.y);
    }
    if (outline.length > 2) way.closePath();
    stroke(context, way, 1.25);
    const [first] = outline;
    const start = first && view.toScreen(first[0], first[1], 0);
    if (start) stroke(context, ringAt(start, 6), 2);
    if (brush) stroke(context, circleAt(view, brush[0], brush[1], brush[2]), 1);
  }
}

/** Places at "now" with their numbers from 1; videoPx. */
export function drawNumbered(
  { context, views }: Pen,
  places: readonly (readonly [number, number])[],
): void {
  context.font = FONT;
  context.textBaseline = "middle";
  context.setLineDash([]);
  for (const view of views) {
    for (const [i, [x, y]] of places.entries()) {
      const at = view.toScreen(x, y, 0);
      if (!at) continue;
      stroke(context, ringAt(at, 5), 2);
      drawLabel(context, String(i + 1), at.x + 9, at.y);
    }
  }
}

function ringAt({ x, y }: ScreenPlace, radius: number): Path2D {
  const ring = new Path2D();
  ring.arc(x, y, radius, 0, 2 * Math.PI);
  return ring;
}

function drawLabel(context: CanvasRenderingContext2D, label: string, x: number, y: number): void {
  context.lineWidth = 3;
  context.strokeStyle = CASING;
  context.strokeText(label, x, y);
  context.fillStyle = "#fff";
  context.fillText(label, x, y);
}

interface ScreenPlace {
  readonly x: number;
  readonly y: number;
}

/** From a point to the ring around another. */
function straight(from: ScreenPlace, at: ScreenPlace, radius: number): Path2D {
  const line = new Path2D();
  const length = Math.hypot(at.x - from.x, at.y - from.y);
  if (length > radius) {
    const share = 1 - radius / length;
    line.moveTo(from.x, from.y);
    line.lineTo(from.x + share * (at.x - from.x), from.y + share * (at.y - from.y));
  }
  return line;
}

/** The drawn way, from "now" to the mark's frame as evenly as it was drawn. */
function wayOf(view: TileView, { pathM2 = [], frame }: Mark): Path2D {
  const way = new Path2D();
  pathM2.forEach(([x, y], i) => {
    const seen = view.toScreen(x, y, (frame * i) / Math.max(1, pathM2.length - 1));
    if (seen) way.lineTo(seen.x, seen.y);
  });
  return way;
}

const PATCH_CORNERS = 48;

/** Around a place at "now", videoPx. */
function circleAt(view: TileView, centreX: number, centreY: number, radius: number): Path2D {
  const patch = new Path2D();
  for (let i = 0; i <= PATCH_CORNERS; i++) {
    const angle = (2 * Math.PI * i) / PATCH_CORNERS;
    const [x, y] = [centreX + radius * Math.cos(angle), centreY + radius * Math.sin(angle)];
    const seen = view.toScreen(x, y, 0);
    if (seen) patch.lineTo(seen.x, seen.y);
  }
  return patch;
}

function stroke(context: CanvasRenderingContext2D, path: Path2D, width: number): void {
  context.lineWidth = width + 2;
  context.strokeStyle = CASING;
  context.stroke(path);
  context.lineWidth = width;
  context.strokeStyle = ACCENT;
  context.stroke(path);
}
