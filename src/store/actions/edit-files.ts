import { type EditGround, moveEdits } from "../../domain/edits/ground.ts";
import { type Edit, MAX_EDITS } from "../../domain/edits.ts";
import { FormatError } from "../../domain/errors.ts";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { readEdits, writeEdits } from "../../formats/document/edits-file.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, selectClip, selectDocument, selectGeometry } from "../studio.ts";
import { runStep } from "./arrivals.ts";
import { followEdits } from "./forecast.ts";
import { secsOf } from "./imports.ts";
import { showError } from "./notices.ts";

/** What the edits of the document are laid over; null while neither forecast nor clip is there. */
export function editGround(studio: Studio): EditGround | null {
  const { state } = studio;
  const { origin, nowIndex } = selectDocument(state);
  const { width, height, horizonFrames: frameCount } = selectGeometry(state);
  const history = origin && studio.bulk.histories.get(origin.historyId);
  if (origin && history) {
    const { fps, nowSecs, clip } = origin;
    const size = { frame: { width, height }, frameCount };
    return { ...size, startN2: history.queryXyN2, fps, nowSecs, clip };
  }
  const clip = selectClip(state);
  return clip && groundOf(studio, clip, nowIndex);
}

/** What edits are laid over where nothing is forecast yet. */
export function groundOf(studio: Studio, clip: ClipSummary, nowIndex: number): EditGround {
  const geometry = selectGeometry(studio.state);
  const { width, height, horizonFrames: frameCount } = geometry;
  const { name, displaySize, fps } = clip.info;
  return {
    frame: { width, height },
    frameCount,
    startN2: gridQueryXyN2(geometry.anchor, geometry),
    fps,
    nowSecs: secsOf(clip, nowIndex),
    clip: { name, displaySize, fit: clip.options.fit },
  };
}

/** The edits of the document as a file; null where nothing is there to lay them over. */
export function editsFile(studio: Studio): Uint8Array | null {
  const ground = editGround(studio);
  return ground && writeEdits(selectDocument(studio.state).edits, ground);
}

/**
 * Adds the edits of a file after those of the document, laid over what is open here: one undo step.
 * What was changed on the way is told; a file that cannot be read changes nothing.
 */
export async function bringEdits(studio: Studio, file: File): Promise<void> {
  try {
    const { edits, ground, notes } = readEdits(new Uint8Array(await file.arrayBuffer()));
    const here = editGround(studio);
    if (!here) {
      throw new FormatError(
        `${file.name} holds edits, and there is no clip to lay them over`,
        "Open a clip first, then drop the file again.",
      );
    }
    const moved = moveEdits(edits, ground, here);
    await adoptEdits(studio, moved.edits, file.name, [...notes, ...moved.notes]);
  } catch (error) {
    showError(studio, error);
  }
}

async function adoptEdits(
  studio: Studio,
  added: readonly Edit[],
  fileName: string,
  notes: readonly string[],
): Promise<void> {
  const had = selectDocument(studio.state).edits;
  if (had.length + added.length > MAX_EDITS) {
    throw new FormatError(
      `With the ${added.length} edits of ${fileName} there would be more than ${MAX_EDITS}`,
      "Delete some in the Edits panel first.",
    );
  }
  const fresh = added.map((edit) => ({ ...edit, id: studio.freshId("edit") }));
  const step = runStep(studio);
  studio.state.edit((document) => ({ ...document, edits: [...document.edits, ...fresh] }), step);
  studio.state.setRun({
    status: `${fresh.length} ${fresh.length === 1 ? "edit" : "edits"} of ${fileName}`,
    notice:
      notes.length > 0
        ? { kind: "info", message: `The edits of ${fileName} were fitted`, remedy: notes.join(" ") }
        : null,
  });
  await followEdits(studio, step);
}
