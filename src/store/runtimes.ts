import type { Job, SharedJob } from "../domain/job.ts";
import type { PackLocation } from "../domain/pack/location.ts";
import type { PackInspection } from "../domain/pack/needs.ts";
import type {
  ClipDecoder,
  DepthTeller,
  Forecaster,
  PointTracker,
  ReliefEstimator,
  SubjectFinder,
} from "../domain/ports.ts";

/** The heavy runtimes behind their ports. Each is made on first use; tests put in their own. */
export interface Runtimes {
  decoder(): Promise<ClipDecoder<Blob>>;
  tracker(): Promise<PointTracker>;
  relief(): Promise<ReliefEstimator>;
  /** Absent where the network that tells a subject does not ship. */
  subject?(): Promise<SubjectFinder>;
  /** The network that starts the relief; absent where none ships. */
  depthTeller?(): Promise<DepthTeller>;
  /** The model that ships. One load serves all who ask. */
  forecaster(job?: SharedJob): Promise<Forecaster>;
  /** The model of one picture that ships; absent where none does. */
  photoForecaster?(job?: SharedJob): Promise<Forecaster>;
  /** What a pack needs and whether this machine has it; reads the manifest only. */
  inspectPack(location: PackLocation, job?: Job): Promise<PackInspection>;
  /** The zip at an address; null where there is something else. Progress in bytes. */
  fetchZip(url: string, job?: Job): Promise<Blob | null>;
  /** Any other model, in a worker of its own. */
  openPack(location: PackLocation, job?: Job): Promise<Forecaster>;
  /** Drops what the browser keeps of packs from folders and zips; what came from an address stays. */
  forgetKeptPacks(): Promise<void>;
}
