import { isCancelled } from "../../domain/errors.ts";
import type { Exploration } from "../../domain/exploration.ts";
import { runExploration } from "../../engine/pipeline/run.ts";
import { NO_PREFERENCES } from "../slices/explorationSlice.ts";
import { type Studio, type StudioState, selectClip, selectModel } from "../studio.ts";
import { Arrivals } from "./arrivals.ts";
import { runPorts, runRequest, startOf } from "./forecast-start.ts";
import { followGroundTruth } from "./ground-truth.ts";
import { showError } from "./notices.ts";

/** Futures that are looked at, at first; asked for more, all of them stay and others come to them. */
export const FIRST_SAMPLES = 400;
export const MORE_SAMPLES = 800;

/** The exploration of the picture that the next forecast starts from; null where it has not been made. */
export function selectExploration(state: StudioState, studio: Studio): Exploration | null {
  const { exploration } = state;
  if (!exploration || exploration.packIdentity !== selectModel(state)?.packIdentity) return null;
  if (exploration.historyId !== startOf(studio)?.historyId) return null;
  return studio.bulk.explorations.get(exploration.id) ?? null;
}

/** Draws many futures of the picture at "now" and groups them; modes found before keep their numbers. */
export async function exploreFutures(studio: Studio, count = FIRST_SAMPLES): Promise<void> {
  const start = startOf(studio);
  if (!start) return;
  const before = selectExploration(studio.state, studio);
  const job = studio.jobs.start("run");
  studio.state.setRun({ notice: null });
  studio.state.enterPhase("loading", "Looking at the picture");
  const arrivals = new Arrivals(studio, start, new Map());
  try {
    const exploration = await runExploration(
      runPorts(studio, start),
      runRequest(studio, start),
      { count, numbers: before ? numbersOf(before) : undefined },
      {
        signal: job.signal,
        onEvent: (event) => {
          if (!job.signal.aborted) arrivals.hear(event);
        },
      },
    );
    if (job.signal.aborted) return;
    const id = studio.freshId("exploration");
    studio.bulk.explorations.clear();
    studio.bulk.explorations.set(id, exploration);
    const { packIdentity = "" } = arrivals.origin;
    studio.state.setExploration({
      ...(before
        ? {}
        : { openMode: null, base: null, mapPlace: null, preferences: NO_PREFERENCES }),
      exploration: { id, historyId: start.historyId, packIdentity, count },
    });
    studio.state.setRun({ status: `${count} futures, ${modeWords(exploration)}` });
    const clip = selectClip(studio.state);
    if (clip) void followGroundTruth(studio, clip, arrivals.origin);
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  } finally {
    if (job.finish()) studio.state.setRun({ phase: "idle" });
  }
}

function numbersOf({ modes }: Exploration): ReadonlyMap<number, number> {
  return new Map(modes.groups.map(({ medoid, number }) => [medoid, number]));
}

function modeWords({ modes }: Exploration): string {
  const { length } = modes.groups;
  return length === 1 ? "one mode" : `${length} modes`;
}
