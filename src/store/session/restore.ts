import { isCancelled } from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import type { TrackedHistory } from "../../engine/pipeline/tracked-history.ts";
import { followGroundTruth } from "../actions/ground-truth.ts";
import { showError } from "../actions/notices.ts";
import { loadModel, warmUp } from "../actions/warm.ts";
import { bulk } from "../bulk.ts";
import type { StudioDocument } from "../document.ts";
import { EMPTY_DOCUMENT } from "../document.ts";
import { playhead } from "../playhead.ts";
import { runtimes } from "../runtimes.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { restoredView } from "../slices/viewSlice.ts";
import { selectClip, selectDocument, selectModel, studio, useStudio } from "../studio.ts";
import { RestingClip } from "./resting-clip.ts";
import { RECORD_KEY, rememberFileKey, SAVED_VERSION, type SavedSession } from "./saved.ts";
import { restoreModel } from "./saved-model.ts";

/**
 * Puts a stored session back; false where there is none of this version. The clip's decoder starts
 * when its first frame is wanted.
 */
export function restoreSession(kept: ReadonlyMap<string, unknown>): boolean {
  const record = kept.get(RECORD_KEY) as SavedSession | undefined;
  if (record?.version !== SAVED_VERSION) return false;
  restoreArrays(kept);
  for (const { summary, fileKey } of record.clips) {
    const file = fileKey === null ? undefined : kept.get(fileKey);
    if (!(file instanceof Blob) || fileKey === null) continue;
    rememberFileKey(file, fileKey);
    bulk.sources.set(summary.id, file);
    bulk.clips.set(summary.id, clipOf(file, summary));
  }
  const { history, working, view, loopStart, loopEnd, unsaved } = record;
  // An older build may not have known all of today's fields.
  const whole = (document: StudioDocument) => ({ ...EMPTY_DOCUMENT, ...document });
  useStudio.setState((state) => ({
    history: {
      ...history,
      past: history.past.map(whole),
      present: whole(history.present),
      future: history.future.map(whole),
    },
    clips: Object.fromEntries(record.clips.map(({ summary }) => [summary.id, summary])),
    working,
    view: restoredView(state.view, view),
    loopStart,
    loopEnd,
    unsaved,
    truthRevision: state.truthRevision + 1,
  }));
  playhead.set(record.playhead);
  if (record.model) restoreModel(record.model);
  return true;
}

function restoreArrays(kept: ReadonlyMap<string, unknown>): void {
  for (const [key, value] of kept) {
    const id = key.slice(key.indexOf(":") + 1);
    if (key.startsWith("past:")) bulk.histories.set(id, historyFrom(value as SavedHistory));
    if (key.startsWith("import:")) bulk.imports.set(id, value as Tracks);
    if (key.startsWith("truth:")) bulk.truths.set(id, value as Tracks);
    if (key.startsWith("future:")) bulk.futures.set(id, value as Future);
  }
}

/** As it is kept; older builds call the reference frame `anchorFrame`. */
type SavedHistory = TrackedHistory & { readonly anchorFrame?: "first-history" };

function historyFrom({ anchorFrame, ...history }: SavedHistory): TrackedHistory {
  return anchorFrame ? { ...history, referenceFrame: anchorFrame } : history;
}

function clipOf(file: Blob, { info, options }: ClipSummary): RestingClip {
  return new RestingClip(info, async () => (await runtimes().decoder()).open(file, options));
}

function showFailure(error: unknown): void {
  if (!isCancelled(error)) showError(error);
}

/** Says what came back, and goes on with what the reload interrupted. */
export function resumeSession(): void {
  const document = selectDocument(studio());
  const clip = selectClip(studio());
  const { origin } = document;
  const name = clip?.info.name ?? origin?.clip.name;
  if (!name) return;
  studio().setRun({ status: `${name} is back as you left it` });
  if (!clip) return;
  if (!bulk.clips.has(clip.id)) {
    studio().setRun({
      notice: {
        kind: "info",
        message: `${name} was not kept with your session`,
        remedy: "Open it again to see its pictures; everything else is back.",
      },
    });
    return;
  }
  warmUp();
  // Louder than the warm-up: a model that is gone is told at once.
  if (selectModel(studio())?.keptUrl) loadModel().catch(showFailure);
  const isHere = origin !== null && origin.nowIndex < clip.info.frameCount;
  if (isHere && origin.historyId.startsWith(clip.id)) void followGroundTruth(clip, origin);
}
