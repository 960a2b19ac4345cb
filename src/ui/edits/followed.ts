import { type Adherence, adherenceOf } from "../../engine/edits/adherence.ts";
import { type StudioDocument, visibleSlots } from "../../store/document.ts";
import { freeFutureId } from "../../store/slots.ts";
import type { Studio } from "../../store/studio.ts";

export interface Followed extends Adherence {
  /** Of the future that is told of: the one on solo, or the first one shown. */
  readonly slotId: number;
}

/** How well the future on screen follows the edits; null while there is none, or nothing to follow. */
export function followedEdits(studio: Studio, document: StudioDocument): Followed | null {
  const { origin, edits } = document;
  const [slot] = visibleSlots(document);
  const tracked = origin && studio.bulk.histories.get(origin.historyId);
  const { futures } = studio.bulk;
  const shown = slot?.futureId ? futures.get(slot.futureId) : undefined;
  if (!slot?.futureId || !tracked || !shown || edits.length === 0) return null;
  const free = futures.get(freeFutureId(slot.futureId, slot.editsKey));
  const { history } = tracked;
  return {
    ...adherenceOf(edits, history, shown, free ?? null),
    slotId: slot.id,
  };
}

/** In words for the user; null where nothing is known. */
export function movedWords({ movedPx, slotId }: Followed): string | null {
  if (movedPx === null) return null;
  return `Future ${slotId}: points without an edit moved by ${movedPx.toFixed(1)} px on average.`;
}
