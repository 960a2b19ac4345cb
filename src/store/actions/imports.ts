import type { Fit } from "../../domain/clip.ts";
import { FormatError } from "../../domain/errors.ts";
import { gridQueryXyN2, HISTORY_FRAMES } from "../../domain/grid.ts";
import type { ImportedSpace } from "../../domain/imported-space.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { historyOf, type TrackedHistory } from "../../engine/pipeline/tracked-history.ts";
import {
  historyFrames,
  historyFromTracks,
  type ImportTiming,
} from "../../formats/import/common/history.ts";
import type { GridMapping } from "../../formats/import/common/map-to-grid.ts";
import type { ImportedRef } from "../document.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, type StudioState, selectClip, selectDocument } from "../studio.ts";
import { warmUp } from "./warm.ts";

export interface Adoption extends Pick<ImportedRef, "fileName" | "fps" | "firstSecs"> {
  /** videoPx of the working frame. */
  readonly tracks: Tracks;
  /** Working frame of "now". */
  readonly nowIndex: number;
  /** Camera and depth that the file tells. */
  readonly space?: ImportedSpace | undefined;
}

/** Forecasts start from these tracks from now on: one undoable step. What is on screen stays. */
export function adoptTracks(
  studio: Studio,
  { tracks, nowIndex, space, ...source }: Adoption,
): void {
  const imported: ImportedRef = { id: studio.freshId("import"), ...source };
  studio.bulk.imports.set(imported.id, tracks);
  if (space) studio.bulk.importedSpaces.set(imported.id, space);
  studio.state.edit((document) => ({ ...document, imported, nowIndex }));
  studio.playhead.set(nowIndex);
  const { origin } = selectDocument(studio.state);
  const later = origin
    ? ". The futures on screen and their space keep their own past until the next Forecast"
    : "";
  studio.state.setRun({
    notice: null,
    status: `Tracks are imported from ${source.fileName}${later}`,
  });
}

/** Back to the built-in tracker: one undoable step. */
export function dropImport(studio: Studio): void {
  studio.state.edit((document) => (document.imported ? { ...document, imported: null } : document));
  studio.state.setRun({ status: "The built-in tracker follows the points again" });
  warmUp(studio);
}

/**
 * The import that goes on when `source` is opened as the clip: the one in use, where it is the same
 * file. Its tracks lie in the working frame, so another crop ends it, with a word to the user.
 */
export function importAfterOpening(studio: Studio, source: Blob, fit: Fit): ImportedRef | null {
  const { clips, history } = studio.state;
  const { clipId, imported } = history.present;
  if (!imported || !clipId || studio.bulk.sources.get(clipId) !== source) return null;
  if (clips[clipId]?.options.fit === fit) return imported;
  studio.state.setRun({
    notice: {
      kind: "info",
      message: `The tracks of ${imported.fileName} were imported for the other crop`,
      remedy: "Import the file again to use them with this one; Undo goes back to both.",
    },
  });
  return null;
}

export function importedHistoryId(trackedId: string, { id }: ImportedRef): string {
  return `${trackedId}~${id}`;
}

/** Frames of history that a forecast from "now" would see. */
export function selectHistoryFrames(state: StudioState): number {
  const { nowIndex, imported } = selectDocument(state);
  const clip = selectClip(state);
  if (!imported || !clip) return Math.min(HISTORY_FRAMES, nowIndex + 1);
  const { fps: sourceFps, firstSecs } = imported;
  const nowSecs = secsOf(clip, nowIndex);
  return historyFrames({ sourceFps, firstSecs, nowSecs, workingFps: clip.info.fps });
}

/** Clip time of a working frame. */
export function secsOf({ info }: ClipSummary, index: number): number {
  return info.frameTimesSecs[index] ?? index / info.fps;
}

/**
 * The history up to a working frame, made of imported tracks: on the query grid where the model wants it
 * (map-to-grid.ts).
 * @throws FormatError where they do not reach that frame or no track is near the grid.
 */
export function mapImport(
  tracks: Tracks,
  time: Pick<ImportTiming, "sourceFps" | "firstSecs">,
  clip: ClipSummary,
  nowIndex: number,
  geometry: PackGeometry,
): GridMapping {
  const { fps: workingFps } = clip.info;
  const timing = { ...time, workingFps, nowSecs: secsOf(clip, nowIndex) };
  return historyFromTracks(
    tracks,
    timing,
    gridQueryXyN2(geometry.anchor, geometry),
    geometry.referenceFrame,
  );
}

/**
 * The history made of imported tracks, kept in the bulk store under `historyId`.
 * @throws FormatError
 */
export function importedHistory(
  studio: Studio,
  clip: ClipSummary,
  nowIndex: number,
  { id, fileName, fps, firstSecs }: ImportedRef,
  geometry: PackGeometry,
  historyId: string,
): TrackedHistory {
  const known = studio.bulk.histories.get(historyId);
  if (known) return known;
  const tracks = studio.bulk.imports.get(id);
  if (!tracks) {
    throw new FormatError(
      `The tracks of ${fileName} are not here any more`,
      "Import the file again, or go back to the built-in tracker.",
    );
  }
  const time = { sourceFps: fps, firstSecs };
  const mapped = mapImport(tracks, time, clip, nowIndex, geometry).tracks;
  const history = historyOf(mapped, geometry.referenceFrame);
  studio.bulk.histories.set(historyId, history);
  return history;
}
