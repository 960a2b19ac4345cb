import type { WorkingRate } from "../../domain/clip.ts";
import { ForetrackError, FormatError, isCancelled } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";
import { isZipUrl, keptUrlOf, type PackLocation, packBaseUrl } from "../../domain/pack/location.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type { InputDeclaration } from "../../domain/pack/offers.ts";
import type { SamplerOverrides } from "../../engine/pipeline/conditioning-inputs.ts";
import { readNpy } from "../../formats/containers/npy.ts";
import { isShipped, SHIPPED_MODEL } from "../document.ts";
import type { RunningJob } from "../jobs.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { DEFAULT_RATE } from "../slices/clipSlice.ts";
import type { PackLoad } from "../slices/modelsSlice.ts";
import {
  type Studio,
  selectClip,
  selectModel,
  selectModelKey,
  selectPhotoModelKey,
} from "../studio.ts";
import { reworkClip } from "./rework.ts";
import { warmUp } from "./warm.ts";

const NEW_CANDIDATE = { location: null, inspection: null, load: null, problem: null } as const;

/** Reads a pack's manifest and shows what it needs of this machine; fetches nothing else. */
export async function considerPack(
  studio: Studio,
  location: PackLocation,
  source: string,
): Promise<void> {
  await consider(studio, source, (job) => look(studio, location, job));
}

/**
 * A pack below an address; or in a zip there, which is downloaded to be looked into: by its name, or
 * where the address holds no manifest and the server says that it is a zip.
 */
export async function considerAddress(studio: Studio, address: string): Promise<void> {
  const url = packBaseUrl(address);
  const isZip = isZipUrl(address);
  await consider(studio, isZip ? address : url, async (job) => {
    if (isZip) return fetchZip(studio, address, job, null);
    try {
      return await look(studio, { kind: "url", url }, job);
    } catch (error) {
      if (isCancelled(error)) throw error;
      return fetchZip(studio, address, job, error);
    }
  });
}

async function consider(
  studio: Studio,
  source: string,
  inspect: (job: RunningJob) => Promise<PackInspection>,
): Promise<void> {
  const job = studio.jobs.start("pack", (progress) => follow(studio, progress));
  studio.state.setModels({ candidate: { ...NEW_CANDIDATE, source } });
  try {
    const inspection = await inspect(job);
    if (!job.signal.aborted) studio.state.setCandidate({ inspection, load: null });
  } catch (error) {
    if (job.signal.aborted) return;
    studio.state.setCandidate({ load: null });
    tellProblem(studio, error);
  } finally {
    job.finish();
  }
}

async function look(
  studio: Studio,
  location: PackLocation,
  job: RunningJob,
): Promise<PackInspection> {
  const inspection = await studio.ports.inspectPack(location, job);
  if (!job.signal.aborted) studio.state.setCandidate({ location });
  return inspection;
}

/** `otherwise`: why the address is no pack, where it holds no zip either. */
async function fetchZip(
  studio: Studio,
  url: string,
  job: RunningJob,
  otherwise: unknown,
): Promise<PackInspection> {
  const name = new URL(url).pathname.split("/").at(-1) || "zip";
  const report = ({ done, total }: Progress) => {
    const files = [{ name, done, total }];
    studio.state.setCandidate({ load: { words: "Downloading the zip", done, total, files } });
  };
  const onProgress = (progress: Progress) => job.signal.aborted || report(progress);
  if (otherwise === null) onProgress({ stage: "zip", done: 0, total: 0 });
  const zip = await studio.ports
    .fetchZip(url, { signal: job.signal, onProgress })
    .catch((error: unknown) => {
      throw otherwise ?? error;
    });
  if (!zip) throw otherwise;
  return look(studio, { kind: "zip", zip }, job);
}

/** A pack that cannot even be asked for, say by a wrong address. */
export function refuseCandidate(studio: Studio, source: string, error: unknown): void {
  dropCandidate(studio);
  studio.state.setModels({ candidate: { ...NEW_CANDIDATE, source } });
  tellProblem(studio, error);
}

/** Loads the candidate and forecasts with it; what forecasts until then stays if it fails. */
export async function loadCandidate(studio: Studio): Promise<void> {
  const { candidate } = studio.state;
  if (!candidate?.inspection || !candidate.location) return;
  const { location } = candidate;
  const files = candidate.inspection.manifest.files.map(({ path, bytes }) => {
    return { name: path, done: 0, total: bytes };
  });
  const job = studio.jobs.start("pack", (progress) => follow(studio, progress));
  studio.state.setCandidate({
    problem: null,
    load: { words: "Loading", done: 0, total: 0, files },
  });
  try {
    const model = await studio.ports.openPack(location, job);
    if (job.signal.aborted) {
      await model.dispose();
      return;
    }
    const keptUrl = keptUrlOf(location, model.manifest, globalThis.origin);
    const key = studio.freshId("model");
    studio.bulk.models.set(key, model);
    studio.state.putModel(entryOf(key, model, candidate.source, keptUrl));
    studio.state.setModels({ candidate: null });
    studio.state.setRun({ status: `${model.manifest.name} is loaded` });
    chooseModel(studio, key);
  } catch (error) {
    if (job.signal.aborted) return;
    studio.state.setCandidate({ load: null });
    tellProblem(studio, error);
  } finally {
    job.finish();
  }
}

/** Ends the load; what has arrived of a pack's files from an address is kept for the next try. */
export function cancelLoad(studio: Studio): void {
  if (studio.state.candidate?.inspection) {
    studio.jobs.cancel("pack");
    studio.state.setCandidate({ load: null });
  } else {
    dropCandidate(studio);
  }
}

export function dropCandidate(studio: Studio): void {
  studio.jobs.cancel("pack");
  studio.state.setModels({ candidate: null });
}

/** Forecasts with a loaded model from now on, from the frames and at the rate that it was made for. */
export function chooseModel(studio: Studio, key: string): void {
  const before = selectModel(studio.state);
  studio.state.edit((document) => ({ ...document, model: key, sampler: {}, given: {} }));
  const now = selectModel(studio.state);
  if (now) showModel(studio, now);
  followRate(studio, before?.rate ?? DEFAULT_RATE, now?.rate ?? DEFAULT_RATE);
  warmUp(studio);
}

/** Forecasts from the picture of "now" alone, or again from the clip's past. */
export function setOneFrame(studio: Studio, oneFrame: boolean): void {
  const key = oneFrame ? selectPhotoModelKey(studio.state) : SHIPPED_MODEL;
  if (key !== null && key !== selectModelKey(studio.state)) chooseModel(studio, key);
}

/** Frees a loaded model's memory. */
export function removeModel(studio: Studio, key: string): void {
  if (isShipped(key)) return;
  if (selectModelKey(studio.state) === key) chooseModel(studio, SHIPPED_MODEL);
  studio.state.dropModel(key);
  void studio.bulk.models.get(key)?.dispose();
  studio.bulk.models.delete(key);
}

/** Sets something of the sampler; null leaves it to the model. One undo step while it is one thing. */
export function overrideSampler(studio: Studio, part: SamplerOverrides): void {
  studio.state.edit(
    (document) => ({ ...document, sampler: { ...document.sampler, ...part } }),
    `sampler:${Object.keys(part)}`,
  );
}

/** Gives the chosen model an input, by the key of its numbers in the bulk store; null takes it away. */
export function setGiven(studio: Studio, name: string, key: string | null): void {
  studio.state.edit((document) => {
    const { [name]: _, ...others } = document.given;
    return { ...document, given: key === null ? others : { ...others, [name]: key } };
  });
}

/** Numbers for an input of the chosen model, from an .npy of as many as it takes. */
export async function giveInput(
  studio: Studio,
  { name, shape }: InputDeclaration,
  file: File,
): Promise<void> {
  const size = shape.reduce<number>((product, axis) => product * (Number(axis) || 1), 1);
  const { data } = readNpy(new Uint8Array(await file.arrayBuffer()), file.name);
  if (data.length !== size) {
    throw new FormatError(
      `${file.name} holds ${data.length} numbers; the model takes ${size} as its ${name}`,
      "Save the numbers of one input in an .npy file.",
    );
  }
  studio.bulk.given.set(file.name, Float32Array.from(data));
  setGiven(studio, name, file.name);
}

/** A rate that the user chose stays; the one that came with the model goes with it. */
function followRate(studio: Studio, before: WorkingRate, now: WorkingRate): void {
  if (before === now) return;
  const clip = selectClip(studio.state);
  const { working } = studio.state;
  if (clip && clip.info.kind === "video" && clip.options.rate === before) {
    void reworkClip(studio, { ...clip.options, rate: now });
  } else if (working.rate === before) {
    studio.state.setWorking({ ...working, rate: now });
  }
}

const WORDS: Readonly<Record<string, string>> = {
  pack: "Loading the files",
  graphs: "Opening the graphs",
  "self-test": "Checking the numbers",
};

function follow(studio: Studio, { stage, done, total, item }: Progress): void {
  const load = studio.state.candidate?.load;
  if (!load) return;
  const files: PackLoad["files"] = item
    ? load.files.map((file) => (file.name === item.name ? item : file))
    : load.files;
  studio.state.setCandidate({ load: { words: WORDS[stage] ?? load.words, done, total, files } });
}

function tellProblem(studio: Studio, error: unknown): void {
  if (isCancelled(error)) return;
  const problem =
    error instanceof ForetrackError
      ? { message: error.message, remedy: error.remedy }
      : { message: error instanceof Error ? error.message : String(error), remedy: "" };
  studio.state.setCandidate({ problem });
  studio.state.setRun({ status: problem.message });
}
