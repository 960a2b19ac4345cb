import type { StateCreator } from "zustand";
import { pruneBulk } from "../bulk.ts";
import type { StudioDocument } from "../document.ts";
import { EMPTY_DOCUMENT } from "../document.ts";
import type { History } from "../history.ts";
import { commit, reachable, redo, startHistory, undo } from "../history.ts";

export interface DocumentSlice {
  readonly history: History<StudioDocument>;
  /** True once the user made something that closing the page would lose. */
  readonly unsaved: boolean;
  /** Changes the document as one undoable step; steps with the same merge key become one. */
  edit(change: (document: StudioDocument) => StudioDocument, mergeKey?: string): void;
  undo(): void;
  redo(): void;
  markSaved(): void;
}

export const createDocumentSlice: StateCreator<DocumentSlice, [], [], DocumentSlice> = (
  set,
  get,
) => ({
  history: startHistory(EMPTY_DOCUMENT),
  unsaved: false,
  edit(change, mergeKey) {
    const { history } = get();
    const next = change(history.present);
    if (next === history.present) return;
    const moved = commit(history, next, mergeKey ?? null, performance.now());
    const made = next.slots !== history.present.slots && next.slots.some((s) => s.futureId);
    set({ history: moved, unsaved: get().unsaved || made });
    pruneBulk(reachable(moved));
  },
  undo: () => set({ history: undo(get().history) }),
  redo: () => set({ history: redo(get().history) }),
  markSaved: () => set({ unsaved: false }),
});
