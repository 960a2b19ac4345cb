import type { WorkingOptions } from "../../domain/clip.ts";
import { type LiveReferences, liveReferences } from "../bulk.ts";
import type { StudioDocument } from "../document.ts";
import type { History } from "../history.ts";
import { reachable } from "../history.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import type { ViewSettings } from "../slices/viewSlice.ts";
import type { Studio } from "../studio.ts";
import { type SavedModel, savedModel } from "./saved-model.ts";

export const SAVED_VERSION = 1;
/** Key of the record; everything else is a history, import, truth, future or file that it refers to. */
export const RECORD_KEY = "session";

/** A session but for its big arrays and files. */
export interface SavedSession {
  readonly version: typeof SAVED_VERSION;
  readonly history: History<StudioDocument>;
  readonly clips: readonly SavedClip[];
  readonly working: WorkingOptions;
  readonly view: ViewSettings;
  readonly playhead: number;
  readonly loopStart: number | null;
  readonly loopEnd: number | null;
  readonly unsaved: boolean;
  /** Null for the model that ships; absent in the records of older builds. */
  readonly model?: SavedModel | null;
}

export interface SavedClip {
  readonly summary: ClipSummary;
  /** Key of its file; several clips may be one file at different rates. */
  readonly fileKey: string | null;
}

export interface Snapshot {
  readonly record: SavedSession;
  /** Histories, imported tracks, truths and futures by storage key. */
  readonly arrays: ReadonlyMap<string, object>;
  /** Files by storage key, that of the clip on stage first. */
  readonly files: ReadonlyMap<string, Blob>;
}

/** All that undo and redo can reach, as it is now. */
export function snapshot(studio: Studio): Snapshot {
  const { history, clips, working, view, loopStart, loopEnd, unsaved } = studio.state;
  const live = liveReferences(reachable(history));
  const files = filesOf(studio, live, history.present.clipId);
  const record: SavedSession = {
    version: SAVED_VERSION,
    // Steps of the next visit must not merge into this one's.
    history: { ...history, mergeKey: null, atMillis: 0 },
    clips: [...live.clips]
      .filter((id) => clips[id])
      .map((id) => ({ summary: clips[id], fileKey: keyOfSource(studio, id) })),
    working,
    view,
    playhead: studio.playhead.get(),
    loopStart,
    loopEnd,
    unsaved,
    model: savedModel(studio),
  };
  return { record, arrays: arraysOf(studio, live), files };
}

function keyOfSource(studio: Studio, clipId: string): string | null {
  const source = studio.bulk.sources.get(clipId);
  return source ? studio.fileKeys.of(source) : null;
}

function filesOf(
  studio: Studio,
  { clips }: LiveReferences,
  onStage: string | null,
): Map<string, Blob> {
  const ids = [...clips].sort((a, b) => Number(b === onStage) - Number(a === onStage));
  const files = new Map<string, Blob>();
  for (const id of ids) {
    const source = studio.bulk.sources.get(id);
    if (source) files.set(studio.fileKeys.of(source), source);
  }
  return files;
}

function arraysOf(
  studio: Studio,
  { histories, imports, futures }: LiveReferences,
): Map<string, object> {
  const arrays = new Map<string, object>();
  const collect = (prefix: string, ids: ReadonlySet<string>, from: Map<string, object>) => {
    for (const id of ids) {
      const value = from.get(id);
      if (value) arrays.set(prefix + id, value);
    }
  };
  collect("past:", histories, studio.bulk.histories);
  collect("import:", imports, studio.bulk.imports);
  collect("truth:", histories, studio.bulk.truths);
  collect("future:", futures, studio.bulk.futures);
  return arrays;
}
