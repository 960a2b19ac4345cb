import type { Exploration } from "../domain/exploration.ts";
import type { Future } from "../domain/forecast.ts";
import type { ImportedSpace, PlacedCloud } from "../domain/imported-space.ts";
import type { Forecaster } from "../domain/ports.ts";
import type { Relief } from "../domain/relief.ts";
import type { LiftedFuture, ReliefAnswer } from "../domain/space-field.ts";
import type { Tracks } from "../domain/tracks.ts";
import type { TrackedHistory } from "../engine/pipeline/tracked-history.ts";
import type { StudioDocument } from "./document.ts";
import type { SuspendedClip } from "./session/suspended-clip.ts";

/** What is known in space of a history. */
export interface KnownField extends ReliefAnswer {
  readonly queryXyN2: Float32Array;
  /** The dense field of the file that it was taken from. */
  readonly cloud?: PlacedCloud;
}

/** Big arrays and live handles of one studio, keyed by the ids that the store's slices hold. */
export function createBulk() {
  return {
    clips: new Map<string, SuspendedClip>(),
    sources: new Map<string, Blob>(),
    histories: new Map<string, TrackedHistory>(),
    /** [3,T,H/4,W/4] of one history, where the model takes pictures. */
    pictures: new Map<string, Float32Array>(),
    /** Tracks of other tools as they were imported, videoPx. */
    imports: new Map<string, Tracks>(),
    /** Camera and depth that the same files told, by the same keys. */
    importedSpaces: new Map<string, ImportedSpace>(),
    truths: new Map<string, Tracks>(),
    /** How deep the picture of "now" is, by the history that tells it. */
    reliefs: new Map<string, Relief>(),
    /** Cameras, relief and curves by the history that they were found in. */
    fields: new Map<string, KnownField>(),
    /** Futures in the space of their past, by their keys. */
    lifted: new Map<string, LiftedFuture>(),
    futures: new Map<string, Future>(),
    /** Many futures of one picture: those looked at last. */
    explorations: new Map<string, Exploration>(),
    /** The future that is tried out before it has a slot. */
    live: new Map<string, Future>(),
    /** Loaded models but for the shipped one. */
    models: new Map<string, Forecaster>(),
    /** Inputs of models that the user gave, by the name of their file. */
    given: new Map<string, Float32Array>(),
  };
}

export type Bulk = ReturnType<typeof createBulk>;

/** Histories that were tracked ahead and not used yet: the newest may be the next one wanted. */
const SPARE_HISTORIES = 4;

/** What the documents that undo can reach refer to, by key. */
export interface LiveReferences {
  readonly clips: ReadonlySet<string>;
  readonly histories: ReadonlySet<string>;
  readonly imports: ReadonlySet<string>;
  readonly futures: ReadonlySet<string>;
}

export function liveReferences(documents: readonly StudioDocument[]): LiveReferences {
  const clips = new Set<string>();
  const histories = new Set<string>();
  const imports = new Set<string>();
  const futures = new Set<string>();
  for (const document of documents) {
    if (document.clipId) clips.add(document.clipId);
    if (document.origin) histories.add(document.origin.historyId);
    for (const ref of [document.imported, document.origin?.imported]) if (ref) imports.add(ref.id);
    for (const slot of document.slots) if (slot.futureId) futures.add(slot.futureId);
  }
  return { clips, histories, imports, futures };
}

/**
 * Drops what nothing refers to; of the clips that stay, only the one on stage keeps its decoder. What is
 * known in space stays where undo can reach its history, or where "now" is its own.
 */
export function pruneBulk(
  bulk: Bulk,
  { clips, histories, imports, futures }: LiveReferences,
  { clipId: onStage, nowIndex }: Pick<StudioDocument, "clipId" | "nowIndex">,
): void {
  for (const [id, clip] of bulk.clips) {
    clip.setOnStage(id === onStage);
    if (clips.has(id)) continue;
    bulk.clips.delete(id);
    bulk.sources.delete(id);
    void clip.close();
  }
  for (const id of bulk.futures.keys()) if (!futures.has(id)) bulk.futures.delete(id);
  for (const id of bulk.lifted.keys()) if (!futures.has(id)) bulk.lifted.delete(id);
  for (const id of bulk.truths.keys()) if (!histories.has(id)) bulk.truths.delete(id);
  const now = `${onStage}@${nowIndex}`;
  // Keys of other sizes go on with a colon, those of imported tracks with a tilde.
  const isOfNow = (id: string) => id === now || (id.startsWith(now) && /[:~]/.test(id[now.length]));
  for (const inSpace of [bulk.reliefs, bulk.fields]) {
    for (const id of inSpace.keys()) {
      if (!histories.has(id) && !isOfNow(id)) inSpace.delete(id);
    }
  }
  for (const id of bulk.imports.keys()) if (!imports.has(id)) bulk.imports.delete(id);
  for (const id of bulk.importedSpaces.keys()) {
    if (!imports.has(id)) bulk.importedSpaces.delete(id);
  }
  const spare = [...bulk.histories.keys()].filter((id) => !histories.has(id));
  for (const id of spare.slice(0, -SPARE_HISTORIES)) bulk.histories.delete(id);
}
