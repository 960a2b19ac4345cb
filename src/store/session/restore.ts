import { isCancelled } from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import type { TrackedHistory } from "../../engine/pipeline/tracked-history.ts";
import { followGroundTruth } from "../actions/ground-truth.ts";
import { showError } from "../actions/notices.ts";
import { loadModel, warmUp } from "../actions/warm.ts";
import type { StudioDocument } from "../document.ts";
import { EMPTY_DOCUMENT } from "../document.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { restoredView } from "../slices/viewSlice.ts";
import { type Studio, selectBusy, selectClip, selectDocument, selectModel } from "../studio.ts";
import { RECORD_KEY, SAVED_VERSION, type SavedSession } from "./saved.ts";
import { restoreModel } from "./saved-model.ts";
import { SuspendedClip } from "./suspended-clip.ts";

/** Pictures to play and what really happened wait until the page is there and the model loads, or a new run. */
const SETTLE_MILLIS = 2000;

/**
 * Puts a stored session back; false where there is none of this version. The clip's decoder starts
 * when its first frame is wanted.
 */
export function restoreSession(studio: Studio, kept: ReadonlyMap<string, unknown>): boolean {
  const record = kept.get(RECORD_KEY) as SavedSession | undefined;
  if (record?.version !== SAVED_VERSION) return false;
  restoreArrays(studio, kept);
  for (const { summary, fileKey } of record.clips) {
    const file = fileKey === null ? undefined : kept.get(fileKey);
    if (!(file instanceof Blob) || fileKey === null) continue;
    studio.fileKeys.remember(file, fileKey);
    studio.bulk.sources.set(summary.id, file);
    studio.bulk.clips.set(summary.id, clipOf(studio, file, summary));
  }
  const { history, working, view, loopStart, loopEnd, unsaved } = record;
  // An older build may not have known all of today's fields.
  const whole = ({ steps, ...document }: KeptDocument) => ({
    ...EMPTY_DOCUMENT,
    ...(steps == null ? {} : { sampler: { steps } }),
    ...document,
    // Numbers that the user gave are not kept.
    given: {},
  });
  studio.store.setState((state) => ({
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
  studio.playhead.set(record.playhead);
  if (record.model) restoreModel(studio, record.model);
  return true;
}

/** As it is kept; older builds have the solver steps beside the sampler. */
type KeptDocument = StudioDocument & { readonly steps?: number | null };

function restoreArrays(studio: Studio, kept: ReadonlyMap<string, unknown>): void {
  for (const [key, value] of kept) {
    const id = key.slice(key.indexOf(":") + 1);
    if (key.startsWith("past:")) studio.bulk.histories.set(id, historyFrom(value as SavedHistory));
    if (key.startsWith("import:")) studio.bulk.imports.set(id, value as Tracks);
    if (key.startsWith("truth:")) studio.bulk.truths.set(id, value as Tracks);
    if (key.startsWith("future:")) studio.bulk.futures.set(id, value as Future);
  }
}

/** As it is kept; older builds call the reference frame `anchorFrame`. */
type SavedHistory = TrackedHistory & { readonly anchorFrame?: "first-history" };

function historyFrom({ anchorFrame, ...history }: SavedHistory): TrackedHistory {
  return anchorFrame ? { ...history, referenceFrame: anchorFrame } : history;
}

function clipOf(studio: Studio, file: Blob, { info, options }: ClipSummary): SuspendedClip {
  return new SuspendedClip(info, async () => (await studio.ports.decoder()).open(file, options));
}

function showFailure(studio: Studio, error: unknown): void {
  if (!isCancelled(error)) showError(studio, error);
}

/** Says what came back, and goes on with what the reload interrupted. */
export function resumeSession(studio: Studio): void {
  const document = selectDocument(studio.state);
  const clip = selectClip(studio.state);
  const { origin } = document;
  const name = clip?.info.name ?? origin?.clip.name;
  if (!name) return;
  studio.state.setRun({ status: `${name} is back as you left it` });
  if (!clip) return;
  if (!studio.bulk.clips.has(clip.id)) {
    studio.state.setRun({
      notice: {
        kind: "info",
        message: `${name} was not kept with your session`,
        remedy: "Open it again to see its pictures; everything else is back.",
      },
    });
    return;
  }
  warmUp(studio);
  // Louder than the warm-up: a model that is gone is told at once.
  if (selectModel(studio.state)?.keptUrl)
    loadModel(studio).catch((error: unknown) => showFailure(studio, error));
  const isHere = origin !== null && origin.nowIndex < clip.info.frameCount;
  if (!isHere || !origin.historyId.startsWith(clip.id)) return;
  setTimeout(() => {
    const { state } = studio;
    if (selectBusy(state) || selectDocument(state).origin !== origin) return;
    void followGroundTruth(studio, clip, origin);
  }, SETTLE_MILLIS);
}
