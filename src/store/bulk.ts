import type { Future } from "../domain/forecast.ts";
import type { OpenClip } from "../domain/ports.ts";
import type { Tracks } from "../domain/tracks.ts";
import type { StudioDocument } from "./document.ts";

/** Big arrays and live handles, keyed by the ids that the store's slices hold. */
export interface TrackedPast {
  readonly queryXyN2: Float32Array;
  readonly history: Tracks;
}

export const bulk = {
  clips: new Map<string, OpenClip>(),
  sources: new Map<string, Blob>(),
  pasts: new Map<string, TrackedPast>(),
  truths: new Map<string, Tracks>(),
  futures: new Map<string, Future>(),
};

/** Drops what no document in `documents` can reach any more. */
export function pruneBulk(documents: readonly StudioDocument[]): void {
  const clips = new Set<string>();
  const pasts = new Set<string>();
  const futures = new Set<string>();
  for (const document of documents) {
    if (document.clipId) clips.add(document.clipId);
    if (document.origin) pasts.add(document.origin.historyId);
    for (const slot of document.slots) if (slot.futureId) futures.add(slot.futureId);
  }
  for (const [id, clip] of bulk.clips) {
    if (clips.has(id)) continue;
    bulk.clips.delete(id);
    bulk.sources.delete(id);
    void clip.close();
  }
  for (const id of bulk.futures.keys()) if (!futures.has(id)) bulk.futures.delete(id);
  for (const id of bulk.truths.keys()) if (!pasts.has(id)) bulk.truths.delete(id);
}
