import { type Job, type Progress, type SharedJob, unlessCancelled } from "../../domain/job.ts";
import type { Forecaster } from "../../domain/ports.ts";

interface Load {
  readonly model: Promise<Forecaster>;
  readonly controller: AbortController;
  readonly listeners: Set<(progress: Progress) => void>;
  /** Whether somebody waits for it who will want it again after a cancel. */
  isWanted: boolean;
}

/**
 * One load serves all who ask; all hear its progress. A cancel ends the own wait only: the load goes on
 * for the next one who asks, unless nobody has asked but ahead of the user. After a failure, or a load that
 * was ended, the next one loads anew.
 */
export function sharedLoad(
  open: (job: Job) => Promise<Forecaster>,
): (job?: SharedJob) => Promise<Forecaster> {
  let current: Load | null = null;
  const start = (): Load => {
    const controller = new AbortController();
    const listeners: Load["listeners"] = new Set();
    const onProgress = (progress: Progress) => {
      for (const listener of listeners) listener(progress);
    };
    const model = open({ signal: controller.signal, onProgress });
    const load: Load = { model, controller, listeners, isWanted: false };
    model.catch(() => {
      if (current === load) current = null;
    });
    return load;
  };
  return async (job) => {
    current ??= start();
    const load = current;
    load.isWanted ||= !job?.isAhead;
    const { onProgress, signal } = job ?? {};
    if (onProgress) load.listeners.add(onProgress);
    try {
      return await unlessCancelled(load.model, job);
    } finally {
      if (onProgress) load.listeners.delete(onProgress);
      if (signal?.aborted && !load.isWanted) {
        if (current === load) current = null;
        load.controller.abort();
      }
    }
  };
}
