import type { ClipInfo, WorkingOptions } from "../../domain/clip.ts";
import { isCancelled, MediaError } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";
import { defaultNowIndex, SHIPPED_MODEL, type StudioDocument } from "../document.ts";
import type { RunningJob } from "../jobs.ts";
import { SuspendedClip } from "../session/suspended-clip.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, selectPhotoModelKey } from "../studio.ts";
import { endRun } from "./end-run.ts";
import { importAfterOpening } from "./imports.ts";
import { knownClip } from "./known-clip.ts";
import { lostClip } from "./lost-clip.ts";
import { showError } from "./notices.ts";
import { warmUp } from "./warm.ts";

/**
 * Opens a clip or photo and makes it the document's. Whatever is on screen stays until the new
 * clip is known to be readable; a failure leaves everything as it was. `carriedOnto`: what the document
 * takes over from before.
 */
export async function openClip(
  studio: Studio,
  source: File,
  options?: WorkingOptions,
  carriedOnto?: (clip: ClipSummary) => Partial<StudioDocument>,
): Promise<void> {
  const lost = lostClip(studio, source);
  const working = options ?? lost?.options ?? studio.state.working;
  const job = studio.jobs.start("open", (progress) => tellOpening(studio, source.name, progress));
  studio.state.setRun({ notice: null });
  studio.state.enterPhase("opening", `Opening ${source.name}`);
  try {
    if (source.size === 0) {
      throw new MediaError(`${source.name} is empty (0 bytes)`, "Choose another file.");
    }
    const known = lost ? null : await knownClip(studio, source, working);
    const opened = known ?? (await openAnew(studio, source, working, lost, job));
    if (!opened || job.signal.aborted) return;
    if (opened === lost) {
      studio.state.setRun({ status: `${source.name} is open again` });
    } else {
      endRun(studio);
      const imported = importAfterOpening(studio, source, working.fit);
      adopt(studio, opened, source.name, { imported, ...carriedOnto?.(opened) });
    }
    warmUp(studio, 0);
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  } finally {
    if (job.finish()) studio.store.setState({ phase: "idle" });
  }
}

/** The opened clip, or `lost` where it is that; null where the job was cancelled meanwhile. */
async function openAnew(
  studio: Studio,
  source: File,
  options: WorkingOptions,
  lost: ClipSummary | null,
  job: RunningJob,
): Promise<ClipSummary | null> {
  const decoder = await studio.ports.decoder();
  const clip = await decoder.open(source, options, job);
  if (job.signal.aborted) {
    await clip.close();
    return null;
  }
  const { info } = clip;
  const returns = lost?.info.frameCount === info.frameCount;
  const id = returns ? lost.id : studio.freshId("clip");
  const reopen = () => decoder.open(source, options);
  studio.bulk.clips.set(id, new SuspendedClip(info, reopen, clip));
  studio.bulk.sources.set(id, source);
  const summary = { id, info, options, bytes: source.size };
  studio.state.addClip(summary);
  return returns ? lost : summary;
}

const OPENING_WORDS: Readonly<Record<string, string>> = {
  "load decoder": "loading the decoder for its format",
  "read through": "reading through it",
  "find times": "it stores no times, so its frames are decoded once to find them",
};

/** The first reads are slower than the rest: before this share the time left would be a guess. */
const LEAST_SHARE = 0.02;

/** A stage starts the bar and the time left anew. */
function tellOpening(studio: Studio, name: string, { stage, done, total }: Progress): void {
  const words = `Opening ${name}: ${OPENING_WORDS[stage] ?? stage}`;
  if (studio.state.status !== words) studio.state.enterPhase("opening", words);
  if (done > LEAST_SHARE * total && done < total) studio.state.setProgress(done, total);
}

function adopt(
  studio: Studio,
  { id, info: { kind, frameCount } }: ClipSummary,
  name: string,
  carried: Partial<StudioDocument>,
): void {
  const nowIndex = defaultNowIndex(frameCount);
  studio.state.setTransport({ playing: false, loopStart: null, loopEnd: null });
  studio.state.edit((document) => ({
    ...document,
    ...routed(studio, document, kind),
    clipId: id,
    nowIndex,
    origin: null,
    slots: [],
    soloId: null,
    edits: [],
    ...carried,
  }));
  dropPicks(studio);
  studio.playhead.set(0);
  const count = frameCount === 1 ? "one frame" : `${frameCount} frames`;
  const frames = kind === "photo" ? "a photo" : count;
  studio.state.setRun({ status: `${name} is open, ${frames}` });
}

/** What was picked on the stage lay on another picture. */
function dropPicks({ state }: Studio): void {
  state.setView({ selectedPoints: [] });
  state.pickMotion(null);
  state.setTransfer({ transferBox: null, transferPairs: [], transferPlace: null });
}

/**
 * A photo goes to the model of one picture, where there is one, and the next clip back to the one that
 * ships; a model that the user chose stays.
 */
function routed(
  { state }: Studio,
  { model }: StudioDocument,
  kind: ClipInfo["kind"],
): Partial<StudioDocument> {
  const photoModel = selectPhotoModelKey(state);
  if (photoModel === null) return {};
  const [from, to] = kind === "photo" ? [SHIPPED_MODEL, photoModel] : [photoModel, SHIPPED_MODEL];
  return model === from ? { model: to, sampler: {}, given: {} } : {};
}
