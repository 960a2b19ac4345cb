import type { Size } from "./clip.ts";
import type { Layer } from "./edits/depth.ts";
import { cellCentre } from "./relief.ts";

/** How sure it is that each cell of a picture shows its subject: [rows, columns], 0 … 1, row-major. */
export interface SubjectMask {
  readonly columns: number;
  readonly rows: number;
  readonly levels: Float32Array;
}

/** A cell is of the subject from here on. */
const IS_SUBJECT = 0.5;

function levelAt(
  { columns, rows, levels }: SubjectMask,
  { width, height }: Size,
  x: number,
  y: number,
) {
  const cell = (v: number, cells: number, length: number) =>
    Math.min(cells - 1, Math.max(0, Math.floor(((v + 0.5) * cells) / length)));
  return levels[cell(y, rows, height) * columns + cell(x, columns, width)];
}

/** The points that lie on the subject, ascending. `startN2`: [N,2] videoPx; `size`: of the frame. */
export function pointsOnSubject(mask: SubjectMask, startN2: Float32Array, size: Size): number[] {
  return Array.from({ length: startN2.length / 2 }, (_, n) => n).filter(
    (n) => levelAt(mask, size, startN2[2 * n], startN2[2 * n + 1]) >= IS_SUBJECT,
  );
}

/** Of the discs that a layer is made of, px: one every 8 px covers all between them. */
const DISC_PX = 6;
const EVERY_PX = 8;
/** As many as a stroke may have (`assumedSchema`). */
const PLACES_A_STROKE = 5000;

/** The subject as a painted layer, which stands upright on what lies at its foot; null where there is none. */
export function layerOfSubject(mask: SubjectMask, size: Size): Layer | null {
  const cells = {
    columns: Math.round(size.width / EVERY_PX),
    rows: Math.round(size.height / EVERY_PX),
  };
  const places: [number, number][] = [];
  for (let row = 0; row < cells.rows; row++) {
    for (let column = 0; column < cells.columns; column++) {
      const [x, y] = cellCentre(cells, size, column, row);
      if (levelAt(mask, size, x, y) >= IS_SUBJECT) places.push([x, y]);
    }
  }
  if (places.length === 0) return null;
  const strokes: Layer["strokes"] = [];
  for (let i = 0; i < places.length; i += PLACES_A_STROKE) {
    strokes.push(places.slice(i, i + PLACES_A_STROKE));
  }
  return { radius: DISC_PX, strokes };
}
