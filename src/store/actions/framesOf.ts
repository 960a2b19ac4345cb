import { bulk } from "../bulk.ts";
import { FrameCache } from "../frames.ts";
import { showError } from "./notices.ts";

const caches = new Map<string, FrameCache>();

/** The frames of the clip on stage. */
export function framesOf(clipId: string | null): FrameCache | null {
  const clip = clipId ? bulk.clips.get(clipId) : undefined;
  if (!clipId || !clip) return null;
  let cache = caches.get(clipId);
  if (!cache) {
    for (const [id, old] of caches) {
      old.dispose();
      caches.delete(id);
    }
    cache = new FrameCache(clip, showError);
    caches.set(clipId, cache);
  }
  return cache;
}
