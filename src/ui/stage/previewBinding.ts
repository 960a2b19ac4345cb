import { type Edit, withEdit } from "../../domain/edits.ts";
import type { Future } from "../../domain/forecast.ts";
import { previewFuture } from "../../engine/edits/preview.ts";
import { type StudioDocument, visibleSlots } from "../../store/document.ts";
import { freeFutureId } from "../../store/slots.ts";
import { type Studio, selectBusy, selectDocument, selectGeometry } from "../../store/studio.ts";

/** A future under an edit that is not in the document yet. */
export interface Previewed {
  readonly edit: Edit;
  readonly slotId: number;
  /** What the slot holds, which the preview stands in for. */
  readonly futureId: string;
  readonly future: Future;
}

/** What the first unlocked future on screen would do under `edit` too; null where there is none. */
export function previewOf(studio: Studio, document: StudioDocument, edit: Edit): Previewed | null {
  const slot = visibleSlots(document).find(({ locked }) => !locked);
  const shown = slot?.futureId ? studio.bulk.futures.get(slot.futureId) : undefined;
  const { origin } = document;
  const tracked = origin && studio.bulk.histories.get(origin.historyId);
  if (!slot?.futureId || !shown || !tracked) return null;
  const { width, height } = selectGeometry(studio.state);
  const edits = withEdit(document.edits, edit);
  // From the free future where it is kept, as the gesture's own future will be made; nor does what one
  // camera sees tell what another one would.
  const free = studio.bulk.futures.get(freeFutureId(slot.futureId, slot.editsKey));
  const future = previewFuture(free ?? shown, edits, tracked.history, { width, height });
  return { edit, slotId: slot.id, futureId: slot.futureId, future };
}

/**
 * Shows a preview for every move of a gesture, once an animation frame at most, and null when it is
 * over: when the gesture is dropped, or when its futures have come. Returns what ends it.
 */
export function bindPreview(studio: Studio, show: (preview: Previewed | null) => void): () => void {
  let shown: Previewed | null = null;
  let scheduled = 0;

  const refresh = () => {
    scheduled = 0;
    const document = selectDocument(studio.state);
    const { preview } = studio.state;
    if (preview) shown = previewOf(studio, document, preview);
    else if (!shown || isAwaited(shown, document)) return;
    else shown = null;
    show(shown);
  };
  /** Its own future is still on its way. */
  const isAwaited = ({ slotId, futureId }: Previewed, { slots }: StudioDocument) =>
    selectBusy(studio.state) &&
    slots.some((slot) => slot.id === slotId && slot.futureId === futureId);

  const stop = studio.store.subscribe((state, before) => {
    const isOver = shown !== null && state.preview === null;
    const moved = state.history !== before.history || state.phase !== before.phase;
    if (state.preview === before.preview && !(isOver && moved)) return;
    scheduled ||= requestAnimationFrame(refresh);
  });
  return () => {
    stop();
    cancelAnimationFrame(scheduled);
  };
}
