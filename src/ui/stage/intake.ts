import { isCancelled, MediaError } from "../../domain/errors.ts";
import { takeDepthMap } from "../../store/actions/cameras.ts";
import { openClip } from "../../store/actions/clip.ts";
import { bringEdits } from "../../store/actions/edit-files.ts";
import { editById } from "../../store/actions/edits.ts";
import { dismissNotice, showError } from "../../store/actions/notices.ts";
import { readyModel } from "../../store/actions/ready-model.ts";
import { restoreForecast } from "../../store/actions/restore.ts";
import type { RunningJob } from "../../store/jobs.ts";
import type { Notice } from "../../store/slices/runSlice.ts";
import { type Studio, selectClip, selectDocument } from "../../store/studio.ts";
import { offerTracks } from "../import/offer.ts";
import { addressesIn, fetchFile, nameInAddress, readAddress } from "./addresses.ts";
import { type Brought, filesOf, numberedPictures, sortBrought } from "./brought.ts";
import { clipOfPictures } from "./pictureClip.ts";
import { askWhich } from "./question.ts";

export const OPEN_INPUT_ID = "open-clip";

/**
 * Opens whatever the user brought, in any order: a forecast of ours, a clip or photo, tracks of another
 * tool, edits. Numbered pictures become a clip at a rate that is asked; of several clips one is asked
 * for. What is not used is told.
 */
export async function takeFiles(studio: Studio, files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  try {
    const brought = await sortBrought(files);
    const series = numberedPictures(brought.pictures);
    const single = series ? brought.clips : [...brought.clips, ...brought.pictures];
    const answer = await askWhich({ clips: single, series: series ?? [] });
    if (answer === null) return;
    // What is said from here on is of these files: an error of before must not keep them out.
    dismissNotice(studio);
    if (answer.kind === "series") await openSeries(studio, answer.pictures, answer.rate);
    else if (answer.clip) {
      // The model is made ready meanwhile; photos have one of their own.
      if (brought.clips.includes(answer.clip)) readyModel(studio);
      await openClip(studio, answer.clip);
    }
    if (studio.state.notice?.kind === "error") return;
    const [document, ...documents] = brought.documents;
    const [edits, ...moreEdits] = brought.edits;
    const told: Notice[] = [];
    const laid = async (work: Promise<void>) => {
      await work;
      const { notice } = studio.state;
      if (notice && !told.includes(notice)) told.push(notice);
    };
    // A forecast lies over its clip, and each of these clears what was said before it.
    if (document) await laid(restoreForecast(studio, document));
    await laid(takeTracks(studio, brought.tracks));
    if (edits) await laid(bringEdits(studio, edits));
    const unused = unusedWords(brought, [
      ...documents,
      ...moreEdits,
      ...(answer.kind === "series"
        ? single
        : [...single, ...(series ?? [])].filter((file) => file !== answer.clip)),
    ]);
    tellAll(studio, unused ? [...told, unused] : told);
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  }
}

/** Tracks that came before their clip. */
const waiting = new WeakMap<Studio, readonly File[]>();

/** Offers tracks once their clip is open, whichever of them came first. */
async function takeTracks(studio: Studio, brought: readonly File[]): Promise<void> {
  await openingEnded(studio);
  const files = brought.length > 0 ? brought : (waiting.get(studio) ?? []);
  if (files.length === 0) return;
  if (selectClip(studio.state)) {
    waiting.delete(studio);
    if (await takenAsDepth(studio, files)) return;
    return offerTracks(studio, files);
  }
  if (brought.length === 0) return;
  waiting.set(studio, files);
  await offerTracks(studio, files);
}

/** An array that came while a camera is pointed out is its depth map, if it is a map at all. */
async function takenAsDepth(studio: Studio, [file, ...more]: readonly File[]): Promise<boolean> {
  const { selectedEdit } = studio.state;
  const edit = editById(selectDocument(studio.state), selectedEdit ?? "");
  if (edit?.kind !== "camera" || more.length > 0) return false;
  return /\.np[yz]$/i.test(file.name) && takeDepthMap(studio, file);
}

function openingEnded(studio: Studio): Promise<void> {
  if (studio.state.phase !== "opening") return Promise.resolve();
  return new Promise((resolve) => {
    const stop = studio.store.subscribe(({ phase }) => {
      if (phase === "opening") return;
      stop();
      resolve();
    });
  });
}

async function openSeries(studio: Studio, pictures: readonly File[], rate: number): Promise<void> {
  const clip = await asOpening(studio, `Laying ${pictures.length} pictures together`, (job) =>
    clipOfPictures(pictures, rate, job),
  );
  if (clip) await openClip(studio, clip, { ...studio.state.working, rate: "native" });
}

/** What was brought and not used; null where all was. */
function unusedWords({ others }: Brought, more: readonly File[]): Notice | null {
  const unused = [...others, ...more].map(({ name }) => name);
  if (unused.length === 0) return null;
  const listed = unused.slice(0, 4).join(", ");
  const rest = unused.length > 4 ? ` and ${unused.length - 4} more` : "";
  return {
    kind: "info",
    message: `Also brought, and not used: ${listed}${rest}`,
    remedy: "Bring a file alone to open it.",
  };
}

/** One notice of all that is to be told, errors first. */
function tellAll(studio: Studio, told: readonly Notice[]): void {
  if (told.length === 0) return;
  const errorsFirst = told.toSorted(
    (a, b) => Number(b.kind === "error") - Number(a.kind === "error"),
  );
  const notice: Notice = {
    kind: errorsFirst[0].kind,
    message: errorsFirst.map(({ message }) => message).join(" · "),
    remedy: errorsFirst.map(({ remedy }) => remedy).join(" "),
  };
  studio.state.setRun({ notice });
}

/** Fetches a clip from an address as a job of opening: Esc ends it, and so does a later choice. */
export async function takeUrl(studio: Studio, address: string): Promise<void> {
  try {
    const url = readAddress(address, location.href);
    const words = `Fetching ${nameInAddress(url)}${url.host ? ` from ${url.host}` : ""}`;
    const file = await asOpening(studio, words, (job) => fetchFile(url, job));
    if (file) await takeFiles(studio, [file]);
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  }
}

/** Runs work that comes before a clip can be opened; null where a later choice took its place. */
async function asOpening<T>(
  studio: Studio,
  words: string,
  work: (job: RunningJob) => Promise<T>,
): Promise<T | null> {
  const job = studio.jobs.start("open", ({ done, total }) => studio.state.setProgress(done, total));
  studio.state.setRun({ notice: null });
  studio.state.enterPhase("opening", words);
  try {
    const made = await work(job);
    return job.signal.aborted ? null : made;
  } finally {
    if (job.finish()) studio.store.setState({ phase: "idle" });
  }
}

/** Files, also in folders, else an address, from a drop or a paste; false where it is neither. */
export function takeTransfer(studio: Studio, data: DataTransfer | null): boolean {
  if (!data) return false;
  if (data.files.length > 0) {
    void filesOf(data).then(
      (files) => takeFiles(studio, files),
      (error) => showError(studio, error),
    );
    return true;
  }
  const text = data.getData("text/uri-list") || data.getData("text/plain");
  const [address, ...more] = addressesIn(text);
  if (address === undefined) return false;
  void takeUrl(studio, address).then(() => {
    if (more.length === 0 || studio.state.notice) return;
    studio.state.setRun({
      notice: {
        kind: "info",
        message: `The first of ${more.length + 1} addresses was fetched`,
        remedy: "Give the others one at a time.",
      },
    });
  });
  return true;
}

/** A drop that holds nothing to open. */
export function tellNothingDropped(studio: Studio): void {
  showError(
    studio,
    new MediaError(
      "What was dropped holds neither a file nor an address",
      "Drop a video, a photo, tracks or a forecast, or the address of a clip.",
    ),
  );
}
