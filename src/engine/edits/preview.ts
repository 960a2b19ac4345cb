import type { Size } from "../../domain/clip.ts";
import type { Edit } from "../../domain/edits.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { planCompletion } from "../completion/complete.ts";
import { compileEdits } from "./compile.ts";

/**
 * A future, bent so that it follows `edits`: a slot's free one, as a forecast would bend it, or where that
 * is no longer known the one on screen: what this followed already lacks nothing and is kept. Without a
 * network, fast enough for every move of the pointer. `history` [T,N,2] videoPx ends at "now"; `size`: of
 * the frame, px.
 */
export function previewFuture(
  shown: Future,
  edits: readonly Edit[],
  history: Tracks,
  size: Size,
): Future {
  const constraints = compileEdits(edits, history, shown.tracks.frameCount, size);
  if (!constraints) return shown;
  // Nothing asks a preview for its camera.
  return planCompletion(constraints, history, size, { keepsCamera: true }).complete(shown);
}
