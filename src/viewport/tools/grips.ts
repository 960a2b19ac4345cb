import type { Handle } from "../../domain/edits/kind.ts";
import type { Edit } from "../../domain/edits.ts";
import type { TileView } from "../tile-view.ts";
import { drawMarks, type Mark } from "./marks.ts";
import type { Pen } from "./pen.ts";
import type { PointerPlace, ToolPort } from "./tool.ts";

/** Less than this from down to up is a click, px. */
const DRAG_SLOP_PX = 3;
/** A handle is taken hold of from so near, px. */
export const HANDLE_PX = 12;

/** Whether the pointer has gone far enough to mean a drag. */
export function isFar(from: PointerPlace, to: PointerPlace): boolean {
  return Math.hypot(from.x - to.x, from.y - to.y) >= DRAG_SLOP_PX;
}

/** The mark of an edit of that kind that is nearest under the pointer; of two on one place, the later. */
export function markUnder(
  port: ToolPort,
  kind: Edit["kind"],
  at: PointerPlace,
  view: TileView,
): Mark | null {
  let nearest: Mark | null = null;
  let least = HANDLE_PX;
  for (const mark of port.marks()) {
    if (port.edit(mark.editId)?.kind !== kind) continue;
    const seen = view.toScreen(mark.x, mark.y, mark.frame);
    const distance = seen ? Math.hypot(seen.x - at.x, seen.y - at.y) : Number.POSITIVE_INFINITY;
    if (distance <= least) [nearest, least] = [mark, distance];
  }
  return nearest;
}

/** Draws what is under way as it will be marked. */
export function drawDraft(pen: Pen, handles: readonly Handle[]): void {
  const flags = { isOn: true, isSelected: true, editId: "", label: "" };
  drawMarks(
    pen,
    handles.map((handle, i) => ({ ...handle, ...flags, frame: handle.frame + 1, handle: i })),
  );
}
