import { MediaError } from "../../domain/errors.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, selectClip } from "../studio.ts";

/** The clip of a restored session whose file was not kept, if `source` looks like it. */
export function lostClip(studio: Studio, source: File): ClipSummary | null {
  const clip = selectClip(studio.state);
  if (!clip || studio.bulk.clips.has(clip.id)) return null;
  return clip.info.name === source.name && clip.bytes === source.size ? clip : null;
}

/** Why nothing can be read of a clip whose file was not kept. */
export function clipNotHere(studio: Studio, clipId: string): MediaError {
  const name = studio.state.clips[clipId]?.info.name ?? "The clip";
  return new MediaError(`${name} is not open`, "Open the file again to go on with it.");
}
