import type { WorkingOptions } from "../../domain/clip.ts";
import { isCancelled, MediaError } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";
import { bulk } from "../bulk.ts";
import type { ImportedRef } from "../document.ts";
import { defaultNowIndex } from "../document.ts";
import { freshId } from "../ids.ts";
import { playhead } from "../playhead.ts";
import { runtimes } from "../runtimes.ts";
import { RestingClip } from "../session/resting-clip.ts";
import { studio, useStudio } from "../studio.ts";
import { importAfterOpening } from "./imports.ts";
import { cancelRun, startJob } from "./jobs.ts";
import { clipNotHere, lostClip } from "./lost-clip.ts";
import { showError } from "./notices.ts";
import { warmUp } from "./warm.ts";

/**
 * Opens a clip or photo and makes it the document's. Whatever is on screen stays until the new
 * clip is known to be readable; a failure leaves everything as it was.
 */
export async function openClip(source: File, options?: WorkingOptions): Promise<void> {
  const lost = lostClip(source);
  const working = options ?? lost?.options ?? studio().working;
  const job = startJob("open", (progress) => tellOpening(source.name, progress));
  studio().setRun({ notice: null });
  studio().enterPhase("opening", `Opening ${source.name}`);
  try {
    if (source.size === 0) {
      throw new MediaError(`${source.name} is empty (0 bytes)`, "Choose another file.");
    }
    const decoder = await runtimes().decoder();
    const clip = await decoder.open(source, working, job);
    if (job.signal.aborted) {
      await clip.close();
      return;
    }
    const returns = lost?.info.frameCount === clip.info.frameCount;
    const id = returns ? lost.id : freshId("clip");
    const reopen = () => decoder.open(source, working);
    bulk.clips.set(id, new RestingClip(clip.info, reopen, clip));
    bulk.sources.set(id, source);
    studio().addClip({ id, info: clip.info, options: working, bytes: source.size });
    if (returns) {
      studio().setRun({ status: `${source.name} is open again` });
    } else {
      cancelRun("run");
      const imported = importAfterOpening(source, working.fit);
      adopt(id, source.name, clip.info.frameCount, imported);
    }
    warmUp();
  } catch (error) {
    if (!isCancelled(error)) showError(error);
  } finally {
    if (job.finish()) useStudio.setState({ phase: "idle" });
  }
}

const OPENING_WORDS: Readonly<Record<string, string>> = {
  "load decoder": "loading the decoder for its format",
  "read through": "reading through it",
  "find times": "it stores no times, so its frames are decoded once to find them",
};

/** The first reads are slower than the rest: before this share the time left would be a guess. */
const LEAST_SHARE = 0.02;

/** A stage starts the bar and the time left anew. */
function tellOpening(name: string, { stage, done, total }: Progress): void {
  const words = `Opening ${name}: ${OPENING_WORDS[stage] ?? stage}`;
  if (studio().status !== words) studio().enterPhase("opening", words);
  if (done > LEAST_SHARE * total && done < total) studio().setProgress(done, total);
}

function adopt(id: string, name: string, frameCount: number, imported: ImportedRef | null): void {
  const nowIndex = defaultNowIndex(frameCount);
  studio().setTransport({ playing: false, loopStart: null, loopEnd: null });
  studio().edit((document) => ({
    ...document,
    clipId: id,
    nowIndex,
    imported,
    origin: null,
    slots: [],
    soloId: null,
    edits: [],
  }));
  playhead.set(0);
  const frames = frameCount === 1 ? "a photo" : `${frameCount} frames`;
  studio().setRun({ status: `${name} is open, ${frames}`, truthProgress: null });
}

/** Opens the clip on stage again with another rate or fit: an undoable step like any other. */
export async function reworkClip(options: WorkingOptions): Promise<void> {
  studio().setWorking(options);
  const { clipId } = studio().history.present;
  const source = clipId ? bulk.sources.get(clipId) : undefined;
  if (source instanceof File) await openClip(source, options);
  else if (clipId) showError(clipNotHere(clipId));
}
