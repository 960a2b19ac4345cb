import { isOnGrid } from "../../domain/grid.ts";
import { hasFinerCells } from "../../store/finer.ts";
import { type Studio, type StudioState, selectDocument } from "../../store/studio.ts";
import type { Overlay, SceneFacts } from "../../viewport/layers/overlay.ts";

/** Why an overlay cannot be shown so, in words; null where it can. */
export function overlayGap(
  state: StudioState,
  studio: Studio,
  overlay: Overlay,
  setting: string,
): string | null {
  return overlay.gap?.(sceneFacts(state, studio), setting) ?? null;
}

function sceneFacts(state: StudioState, studio: Studio): SceneFacts | null {
  const { origin, slots } = selectDocument(state);
  const tracked = origin && studio.bulk.histories.get(origin.historyId);
  if (!tracked) return null;
  return {
    futures: slots.filter(({ futureId, hidden }) => futureId && !hidden).length,
    // A revision tells of truths that arrived meanwhile: the bulk store is not reactive.
    hasTruth: state.truthRevision >= 0 && studio.bulk.truths.has(origin.historyId),
    isOnGrid: isOnGrid(tracked.queryXyN2),
    beganOnGrid: tracked.referenceFrame === "first-history",
    hasFiner: hasFinerCells(studio),
  };
}
