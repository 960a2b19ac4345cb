import type { Job } from "../domain/job.ts";
import type { ClipDecoder, Forecaster, PointTracker } from "../domain/ports.ts";

/** The heavy runtimes behind their ports. Each is made on first use; tests put in their own. */
export interface Runtimes {
  decoder(): Promise<ClipDecoder<Blob>>;
  tracker(): Promise<PointTracker>;
  forecaster(job?: Job): Promise<Forecaster>;
}

let current: Runtimes | null = null;

export function installRuntimes(runtimes: Runtimes): void {
  current = runtimes;
}

export function runtimes(): Runtimes {
  if (!current) throw new Error("installRuntimes() has not been called");
  return current;
}
