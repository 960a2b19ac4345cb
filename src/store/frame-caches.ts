import type { OpenClip } from "../domain/ports.ts";
import { FrameCache } from "./frames.ts";

/** Decoded frames of the clip on stage: one clip's at a time. */
export class FrameCaches {
  #current: { readonly clipId: string; readonly cache: FrameCache } | null = null;

  constructor(
    private readonly clips: ReadonlyMap<string, OpenClip>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** The frames of a clip; those of the one before are dropped. Null where the clip is not open. */
  of(clipId: string | null): FrameCache | null {
    const clip = clipId === null ? undefined : this.clips.get(clipId);
    if (clipId === null || !clip) return null;
    if (this.#current?.clipId !== clipId) {
      this.#current?.cache.dispose();
      this.#current = { clipId, cache: new FrameCache(clip, this.onFailure) };
    }
    return this.#current.cache;
  }

  dispose(): void {
    this.#current?.cache.dispose();
    this.#current = null;
  }
}
