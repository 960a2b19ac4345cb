import type { StateCreator } from "zustand";
import { type Bulk, liveReferences, pruneBulk } from "../bulk.ts";
import type { StudioDocument } from "../document.ts";
import { EMPTY_DOCUMENT } from "../document.ts";
import type { History } from "../history.ts";
import { commit, dropOldest, reachable, redo, startHistory, undo } from "../history.ts";

export interface DocumentSlice {
  readonly history: History<StudioDocument>;
  /** True once the user made something that closing the page would lose. */
  readonly unsaved: boolean;
  /** Changes the document as one undoable step; steps with the same merge key become one. */
  edit(change: (document: StudioDocument) => StudioDocument, mergeKey?: string): void;
  /** Changes the document as it is, without a step: what the user did not do is not undone. */
  amend(change: (document: StudioDocument) => StudioDocument): void;
  undo(): void;
  redo(): void;
  markSaved(): void;
}

/** What undo may hold on to: a future takes 0.29 MB, a clip its file, imported tracks up to 40 MB. */
const KEPT_FUTURES = 128;
const KEPT_CLIPS = 6;
const KEPT_IMPORTS = 4;

function isLight(documents: readonly StudioDocument[]): boolean {
  const { futures, clips, imports } = liveReferences(documents);
  return futures.size <= KEPT_FUTURES && clips.size <= KEPT_CLIPS && imports.size <= KEPT_IMPORTS;
}

export const createDocumentSlice =
  (bulk: Bulk): StateCreator<DocumentSlice, [], [], DocumentSlice> =>
  (set, get) => {
    const move = (history: History<StudioDocument>, unsaved = get().unsaved) => {
      set({ history, unsaved });
      pruneBulk(bulk, liveReferences(reachable(history)), history.present);
    };
    return {
      history: startHistory(EMPTY_DOCUMENT),
      unsaved: false,
      edit(change, mergeKey) {
        const { history, unsaved } = get();
        const next = change(history.present);
        if (next === history.present) return;
        const moved = commit(history, next, mergeKey ?? null, performance.now());
        const made = next.slots !== history.present.slots && next.slots.some((s) => s.futureId);
        move(dropOldest(moved, isLight), unsaved || made);
      },
      amend: (change) =>
        set(({ history }) => ({ history: { ...history, present: change(history.present) } })),
      undo: () => move(undo(get().history)),
      redo: () => move(redo(get().history)),
      markSaved: () => set({ unsaved: false }),
    };
  };
