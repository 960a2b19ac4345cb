import type { Slot, StudioDocument } from "../document.ts";
import { MAX_FUTURES } from "../document.ts";
import { type Studio, selectDocument } from "../studio.ts";
import { overrideSampler } from "./models.ts";

function editSlot(
  studio: Studio,
  id: number,
  change: (slot: Slot) => Slot,
  mergeKey?: string,
): void {
  studio.state.edit(
    (document) => ({
      ...document,
      slots: document.slots.map((slot) => (slot.id === id ? change(slot) : slot)),
    }),
    mergeKey,
  );
}

export function toggleLock(studio: Studio, id: number): void {
  editSlot(studio, id, (slot) => ({ ...slot, locked: !slot.locked }));
}

export function toggleHidden(studio: Studio, id: number): void {
  editSlot(studio, id, (slot) => ({ ...slot, hidden: !slot.hidden }));
}

/** Shows one future alone; the same one again, or null, shows all. */
export function solo(studio: Studio, id: number | null): void {
  studio.state.edit((document: StudioDocument) => {
    if (id !== null && !document.slots.some((slot) => slot.id === id)) return document;
    const soloId = id === document.soloId ? null : id;
    return soloId === document.soloId ? document : { ...document, soloId };
  }, "solo");
}

export function setFutureCount(studio: Studio, count: number): void {
  const futureCount = Math.min(MAX_FUTURES, Math.max(1, Math.round(count) || 1));
  studio.state.edit((d) => (d.futureCount === futureCount ? d : { ...d, futureCount }), "count");
}

export function setSteps(studio: Studio, steps: number | null): void {
  if (selectDocument(studio.state).sampler.steps !== steps) overrideSampler(studio, { steps });
}
