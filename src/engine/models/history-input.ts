import { FormatError } from "../../domain/errors.ts";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import type { CommonManifest } from "../../domain/pack/common.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { sliceFrames } from "../../domain/tracks.ts";

/** Tracks that were written with few decimals still count as on the grid. */
const ON_GRID_PX = 0.01;

/**
 * The last frames of `history` that a pack reads, checked.
 * @throws FormatError where it is empty, not finite or does not have the pack's query points on its
 * anchor frame: "now", or with `first-history` the first frame that the pack reads.
 */
export function recentHistory(history: Tracks | undefined, manifest: CommonManifest): Tracks {
  if (!history) throw new FormatError(`${manifest.name} takes a history`, "Open a clip.");
  const { frameCount, pointCount, tracksTN2 } = history;
  const queryXyN2 = gridQueryXyN2(manifest.grid.anchor, manifest.grid);
  if (frameCount < 1 || pointCount * 2 !== queryXyN2.length) {
    throw new FormatError(
      `The history has ${frameCount} frames of ${pointCount} points; ${manifest.name} reads at least one frame of ${queryXyN2.length / 2}`,
      "Track the clip again.",
    );
  }
  if (!tracksTN2.every(Number.isFinite)) {
    throw new FormatError("The history holds a position that is not a number", "Track it again.");
  }
  const start = Math.max(0, frameCount - manifest.frames.history);
  const startsThere = manifest.anchorFrame === "first-history";
  const anchor = 2 * pointCount * (startsThere ? start : frameCount - 1);
  if (queryXyN2.some((v, i) => Math.abs(tracksTN2[anchor + i] - v) > ON_GRID_PX)) {
    throw new FormatError(
      `The history does not ${startsThere ? "start" : "end"} on the grid that the model forecasts`,
      "Track the clip again, or map the tracks onto the grid on import.",
    );
  }
  return sliceFrames(history, start, frameCount);
}

/** Positions and visibility as float32 over `frameCount` frames; missing early frames repeat the
 * first known one, hidden. */
export function padHistory(
  history: Tracks,
  frameCount: number,
): { readonly tracks: Float32Array; readonly visibility: Float32Array } {
  const { pointCount } = history;
  const missing = frameCount - history.frameCount;
  const tracks = new Float32Array(frameCount * pointCount * 2);
  const visibility = new Float32Array(frameCount * pointCount);
  for (let t = 0; t < missing; t++) {
    tracks.set(history.tracksTN2.subarray(0, 2 * pointCount), 2 * t * pointCount);
  }
  tracks.set(history.tracksTN2, 2 * missing * pointCount);
  visibility.set(history.visibilityTN, missing * pointCount);
  return { tracks, visibility };
}
