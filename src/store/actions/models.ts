import type { WorkingRate } from "../../domain/clip.ts";
import { ForetrackError, FormatError, isCancelled } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type { InputDeclaration } from "../../domain/pack/offers.ts";
import { readNpy } from "../../formats/containers/npy.ts";
import { keptUrlOf } from "../../workers/inference/kept-url.ts";
import type { PackLocation } from "../../workers/inference/protocol.ts";
import { isZipUrl, packBaseUrl } from "../../workers/pack/url-source.ts";
import { bulk } from "../bulk.ts";
import { freshId } from "../ids.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { runtimes } from "../runtimes.ts";
import { DEFAULT_RATE } from "../slices/clipSlice.ts";
import type { PackLoad, Tuning } from "../slices/modelsSlice.ts";
import { NO_TUNING, SHIPPED_MODEL } from "../slices/modelsSlice.ts";
import { selectClip, selectModel, studio } from "../studio.ts";
import { reworkClip } from "./clip.ts";
import { cancelRun, type RunningJob, startJob } from "./jobs.ts";
import { warmUp } from "./warm.ts";

let offered: PackLocation | null = null;

/** Reads a pack's manifest and shows what it needs of this machine; fetches nothing else. */
export async function offerPack(location: PackLocation, source: string): Promise<void> {
  await offer(source, (job) => look(location, job));
}

/**
 * A pack below an address; or in a zip there, which is downloaded to be looked into: by its name, or
 * where the address holds no manifest and the server says that it is a zip.
 */
export async function offerAddress(address: string): Promise<void> {
  const url = packBaseUrl(address);
  const isZip = isZipUrl(address);
  await offer(isZip ? address : url, async (job) => {
    if (isZip) return fetchZip(address, job, null);
    try {
      return await look({ kind: "url", url }, job);
    } catch (error) {
      if (isCancelled(error)) throw error;
      return fetchZip(address, job, error);
    }
  });
}

async function offer(
  source: string,
  inspect: (job: RunningJob) => Promise<PackInspection>,
): Promise<void> {
  const job = startJob("pack", follow);
  offered = null;
  studio().setModels({ offer: { source, inspection: null, load: null, problem: null } });
  try {
    const inspection = await inspect(job);
    if (!job.signal.aborted) studio().setOffer({ inspection, load: null });
  } catch (error) {
    if (job.signal.aborted) return;
    studio().setOffer({ load: null });
    tellProblem(error);
  } finally {
    job.finish();
  }
}

async function look(location: PackLocation, job: RunningJob): Promise<PackInspection> {
  const inspection = await runtimes().inspectPack(location, job);
  if (!job.signal.aborted) offered = location;
  return inspection;
}

/** `otherwise`: why the address is no pack, where it holds no zip either. */
async function fetchZip(url: string, job: RunningJob, otherwise: unknown): Promise<PackInspection> {
  const name = new URL(url).pathname.split("/").at(-1) || "zip";
  const report = ({ done, total }: Progress) => {
    const files = [{ name, done, total }];
    studio().setOffer({ load: { words: "Downloading the zip", done, total, files } });
  };
  const onProgress = (progress: Progress) => job.signal.aborted || report(progress);
  if (otherwise === null) onProgress({ stage: "zip", done: 0, total: 0 });
  const zip = await runtimes()
    .fetchZip(url, { signal: job.signal, onProgress })
    .catch((error: unknown) => {
      throw otherwise ?? error;
    });
  if (!zip) throw otherwise;
  return look({ kind: "zip", zip }, job);
}

/** A pack that cannot even be asked for, say by a wrong address. */
export function refuseOffer(source: string, error: unknown): void {
  dropOffer();
  studio().setModels({ offer: { source, inspection: null, load: null, problem: null } });
  tellProblem(error);
}

/** Loads the pack on offer and forecasts with it; what forecasts until then stays if it fails. */
export async function loadOffered(): Promise<void> {
  const { offer } = studio();
  const location = offered;
  if (!offer?.inspection || !location) return;
  const files = offer.inspection.manifest.files.map(({ path, bytes }) => {
    return { name: path, done: 0, total: bytes };
  });
  const job = startJob("pack", follow);
  studio().setOffer({ problem: null, load: { words: "Loading", done: 0, total: 0, files } });
  try {
    const model = await runtimes().openPack(location, job);
    if (job.signal.aborted) {
      await model.dispose();
      return;
    }
    const keptUrl = keptUrlOf(location, model.manifest, globalThis.origin);
    const key = freshId("model");
    bulk.models.set(key, model);
    studio().putModel(entryOf(key, model, offer.source, keptUrl));
    studio().setModels({ offer: null });
    studio().setRun({ status: `${model.manifest.name} is loaded` });
    chooseModel(key);
  } catch (error) {
    if (job.signal.aborted) return;
    studio().setOffer({ load: null });
    tellProblem(error);
  } finally {
    job.finish();
  }
}

/** Ends the load; what has arrived of a pack's files from an address is kept for the next try. */
export function cancelLoad(): void {
  if (studio().offer?.inspection) {
    cancelRun("pack");
    studio().setOffer({ load: null });
  } else {
    dropOffer();
  }
}

export function dropOffer(): void {
  cancelRun("pack");
  offered = null;
  studio().setModels({ offer: null });
}

/** Forecasts with a loaded model from now on, from the frames and at the rate that it was made for. */
export function chooseModel(key: string): void {
  const before = selectModel(studio());
  studio().setModels({ chosenModel: key, tuning: NO_TUNING });
  const now = selectModel(studio());
  if (now) showModel(now);
  followRate(before?.rate ?? DEFAULT_RATE, now?.rate ?? DEFAULT_RATE);
  warmUp();
}

/** Frees a loaded model's memory. */
export function removeModel(key: string): void {
  if (key === SHIPPED_MODEL) return;
  if (studio().chosenModel === key) chooseModel(SHIPPED_MODEL);
  studio().dropModel(key);
  void bulk.models.get(key)?.dispose();
  bulk.models.delete(key);
}

export function tune(part: Partial<Tuning>): void {
  studio().setModels({ tuning: { ...studio().tuning, ...part } });
}

/** Numbers for an input of the chosen model, from an .npy of as many as it takes. */
export async function giveInput({ name, shape }: InputDeclaration, file: File): Promise<void> {
  const size = shape.reduce<number>((product, axis) => product * (Number(axis) || 1), 1);
  const { data } = readNpy(new Uint8Array(await file.arrayBuffer()), file.name);
  if (data.length !== size) {
    throw new FormatError(
      `${file.name} holds ${data.length} numbers; the model takes ${size} as its ${name}`,
      "Save the numbers of one input in an .npy file.",
    );
  }
  bulk.given.set(file.name, Float32Array.from(data));
  tune({ given: { ...studio().tuning.given, [name]: file.name } });
}

/** A rate that the user chose stays; the one that came with the model goes with it. */
function followRate(before: WorkingRate, now: WorkingRate): void {
  if (before === now) return;
  const clip = selectClip(studio());
  const { working } = studio();
  if (clip && clip.info.kind === "video" && clip.options.rate === before) {
    void reworkClip({ ...clip.options, rate: now });
  } else if (working.rate === before) {
    studio().setWorking({ ...working, rate: now });
  }
}

const WORDS: Readonly<Record<string, string>> = {
  pack: "Loading the files",
  graphs: "Opening the graphs",
  "self-test": "Checking the numbers",
};

function follow({ stage, done, total, item }: Progress): void {
  const load = studio().offer?.load;
  if (!load) return;
  const files: PackLoad["files"] = item
    ? load.files.map((file) => (file.name === item.name ? item : file))
    : load.files;
  studio().setOffer({ load: { words: WORDS[stage] ?? load.words, done, total, files } });
}

function tellProblem(error: unknown): void {
  if (isCancelled(error)) return;
  const problem =
    error instanceof ForetrackError
      ? { message: error.message, remedy: error.remedy }
      : { message: error instanceof Error ? error.message : String(error), remedy: "" };
  studio().setOffer({ problem });
  studio().setRun({ status: problem.message });
}
