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
      const radius = mark.isSelected ? 8 : 6;
      const line = new Path2D();
      const length = Math.hypot(at.x - from.x, at.y - from.y);
      if (length > radius) {
        const share = 1 - radius / length;
        line.moveTo(from.x, from.y);
        line.lineTo(from.x + share * (at.x - from.x), from.y + share * (at.y - from.y));
      }
      context.setLineDash([4, 3]);
      stroke(context, line, 1.25);
      context.setLineDash([]);
      const ring = new Path2D();
      ring.arc(at.x, at.y, radius, 0, 2 * Math.PI);
      stroke(context, ring, 2);
      // Filled in the frame in which it holds.
      context.fillStyle = ACCENT;
      if (Math.round(playhead) === mark.frame) {
        context.beginPath();
        context.arc(at.x, at.y, radius - 3.5, 0, 2 * Math.PI);
        context.fill();
      }
      context.lineWidth = 3;
      context.strokeStyle = CASING;
      context.strokeText(mark.label, at.x + radius + 4, at.y);
      context.fillStyle = "#fff";
      context.fillText(mark.label, at.x + radius + 4, at.y);
    }
  }
  context.globalAlpha = 1;
}

function stroke(context: CanvasRenderingContext2D, path: Path2D, width: number): void {
  context.lineWidth = width + 2;
  context.strokeStyle = CASING;
  context.stroke(path);
  context.lineWidth = width;
  context.strokeStyle = ACCENT;
  context.stroke(path);
}
