import type { PipelineEvent, PipelineJob } from "../engine/pipeline/events.ts";
import type { HistoryPass } from "../engine/pipeline/tracked-history.ts";

/** A history that is being tracked; all who want the same one share it. */
export interface HistoryInFlight {
  /** Key of the history in the bulk store. */
  readonly id: string;
  readonly controller: AbortController;
  readonly result: Promise<HistoryPass>;
  /** The stage told last: one who joins hears it first. */
  stage: PipelineEvent | null;
  /** Null while the history is tracked ahead of the user. */
  listener: PipelineJob | null;
}

/** What a studio begins before the user asks for it. */
export interface Ahead {
  /** Runs out when the user has paused for long enough. */
  timer: ReturnType<typeof setTimeout> | undefined;
  /** At most one at a time. */
  history: HistoryInFlight | null;
  /** The load of the model that ships, once it was begun while the user looked for a clip. */
  model: AbortController | null;
}
