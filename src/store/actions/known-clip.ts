import type { WorkingOptions } from "../../domain/clip.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import type { Studio } from "../studio.ts";

/** Files up to this size are compared as a whole, in steps of it, and larger ones of unlike dates, too. */
const WHOLE_BYTES = 16e6;
/** Larger ones that were last changed at the same moment: in so many pieces from end to end. */
const PIECES = 32;
const PIECE_BYTES = 64e3;

/**
 * The clip that this session, or the one before, had open from the same file in the same way: what was
 * found out of it, its tracks above all, serves again. Null where there is none.
 */
export async function knownClip(
  studio: Studio,
  source: File,
  { rate, fit }: WorkingOptions,
): Promise<ClipSummary | null> {
  for (const clip of Object.values(studio.state.clips)) {
    const kept = studio.bulk.clips.has(clip.id) ? studio.bulk.sources.get(clip.id) : undefined;
    const { info, options } = clip;
    if (!kept || info.name !== source.name) continue;
    if (options.rate !== rate || options.fit !== fit) continue;
    // A file that can no longer be read is not the same.
    if (await isSameContent(kept, source).catch(() => false)) return clip;
  }
  return null;
}

async function isSameContent(a: Blob, b: File): Promise<boolean> {
  if (a.size !== b.size) return false;
  const isSameDate = a instanceof File && a.lastModified === b.lastModified;
  for (const [start, end] of comparedParts(a.size, isSameDate)) {
    const buffers = await Promise.all([a, b].map((file) => file.slice(start, end).arrayBuffer()));
    const [left, right] = buffers.map((buffer) => new Uint8Array(buffer));
    if (!left.every((byte, i) => byte === right[i])) return false;
  }
  return true;
}

function comparedParts(size: number, isSameDate: boolean): [number, number][] {
  if (size <= WHOLE_BYTES || !isSameDate) {
    return Array.from({ length: Math.ceil(size / WHOLE_BYTES) }, (_, i) => {
      const start = i * WHOLE_BYTES;
      return [start, Math.min(size, start + WHOLE_BYTES)];
    });
  }
  const last = size - PIECE_BYTES;
  return Array.from({ length: PIECES }, (_, i) => {
    const start = Math.round((last * i) / (PIECES - 1));
    return [start, start + PIECE_BYTES];
  });
}
