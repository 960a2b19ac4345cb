import type { WorkingOptions } from "../../domain/clip.ts";
import { moveEdits } from "../../domain/edits/ground.ts";
import { frameIndexAtSecs } from "../../domain/timing.ts";
import type { StudioDocument } from "../document.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, selectClip, selectDocument } from "../studio.ts";
import { openClip } from "./clip.ts";
import { editGround, groundOf } from "./edit-files.ts";
import { secsOf } from "./imports.ts";
import { clipNotHere } from "./lost-clip.ts";
import { showError } from "./notices.ts";
import { seek } from "./transport.ts";

/**
 * Opens the clip on stage again with another rate or fit: an undoable step like any other. "Now" and the
 * playhead keep their time, the edits their places in the picture and their times after "now".
 */
export async function reworkClip(studio: Studio, options: WorkingOptions): Promise<void> {
  studio.state.setWorking(options);
  const { clipId } = selectDocument(studio.state);
  const source = clipId ? studio.bulk.sources.get(clipId) : undefined;
  if (source instanceof File) {
    const carry = carrier(studio);
    await openClip(studio, source, options, carry?.onto);
    carry?.finish();
  } else if (clipId) showError(studio, clipNotHere(studio, clipId));
}

/** What goes over from the clip on stage to its next form. */
function carrier(studio: Studio) {
  const clip = selectClip(studio.state);
  const from = editGround(studio);
  if (!clip || !from) return null;
  const { nowIndex, edits } = selectDocument(studio.state);
  const [nowSecs, headSecs] = [nowIndex, studio.playhead.get()].map((i) => secsOf(clip, i));
  let taken: { readonly to: ClipSummary; readonly notes: readonly string[] } | null = null;
  return {
    onto(to: ClipSummary): Partial<StudioDocument> {
      const now = indexNearest(to, nowSecs);
      const moved = moveEdits(edits, from, groundOf(studio, to, now));
      taken = { to, notes: edits.length > 0 ? moved.notes : [] };
      return { nowIndex: now, edits: moved.edits };
    },
    finish(): void {
      if (!taken) return;
      const { to, notes } = taken;
      seek(studio, indexNearest(to, headSecs));
      if (notes.length === 0 || studio.state.notice) return;
      const message = "The edits were fitted";
      studio.state.setRun({ notice: { kind: "info", message, remedy: notes.join(" ") } });
    },
  };
}

function indexNearest({ info }: ClipSummary, secs: number): number {
  return frameIndexAtSecs(info.frameTimesSecs, secs + 0.5 / info.fps);
}
