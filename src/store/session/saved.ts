import type { WorkingOptions } from "../../domain/clip.ts";
import { bulk, type LiveReferences, liveReferences } from "../bulk.ts";
import type { StudioDocument } from "../document.ts";
import type { History } from "../history.ts";
import { reachable } from "../history.ts";
import { playhead } from "../playhead.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import type { ViewSettings } from "../slices/viewSlice.ts";
import type { StudioState } from "../studio.ts";
import { type SavedModel, savedModel } from "./saved-model.ts";

export const SAVED_VERSION = 1;
/** Key of the record; everything else is a past, import, truth, future or file that it refers to. */
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

const fileKeys = new WeakMap<Blob, string>();
let files = 0;

/** The key under which this very file is kept. */
export function fileKeyOf(file: Blob): string {
  const known = fileKeys.get(file);
  if (known) return known;
  const key = `file:${Date.now().toString(36)}-${++files}`;
  fileKeys.set(file, key);
  return key;
}

export function rememberFileKey(file: Blob, key: string): void {
  fileKeys.set(file, key);
}

export interface Snapshot {
  readonly record: SavedSession;
  /** Pasts, imported tracks, truths and futures by storage key. */
  readonly arrays: ReadonlyMap<string, object>;
  /** Files by storage key, that of the clip on stage first. */
  readonly files: ReadonlyMap<string, Blob>;
}

/** All that undo and redo can reach, as it is now. */
export function snapshot(state: StudioState): Snapshot {
  const { history, clips, working, view, loopStart, loopEnd, unsaved } = state;
  const live = liveReferences(reachable(history));
  const files = filesOf(live, history.present.clipId);
  const record: SavedSession = {
    version: SAVED_VERSION,
    // Steps of the next visit must not merge into this one's.
    history: { ...history, mergeKey: null, atMillis: 0 },
    clips: [...live.clips]
      .filter((id) => clips[id])
      .map((id) => ({ summary: clips[id], fileKey: keyOfSource(id) })),
    working,
    view,
    playhead: playhead.get(),
    loopStart,
    loopEnd,
    unsaved,
    model: savedModel(state),
  };
  return { record, arrays: arraysOf(live), files };
}

function keyOfSource(clipId: string): string | null {
  const source = bulk.sources.get(clipId);
  return source ? fileKeyOf(source) : null;
}

function filesOf({ clips }: LiveReferences, onStage: string | null): Map<string, Blob> {
  const ids = [...clips].sort((a, b) => Number(b === onStage) - Number(a === onStage));
  const files = new Map<string, Blob>();
  for (const id of ids) {
    const source = bulk.sources.get(id);
    if (source) files.set(fileKeyOf(source), source);
  }
  return files;
}

function arraysOf({ histories, imports, futures }: LiveReferences): Map<string, object> {
  const arrays = new Map<string, object>();
  const collect = (prefix: string, ids: ReadonlySet<string>, from: Map<string, object>) => {
    for (const id of ids) {
      const value = from.get(id);
      if (value) arrays.set(prefix + id, value);
    }
  };
  collect("past:", histories, bulk.histories);
  collect("import:", imports, bulk.imports);
  collect("truth:", histories, bulk.truths);
  collect("future:", futures, bulk.futures);
  return arrays;
}
