import type { Job } from "../../domain/job.ts";
import type { Locks } from "./liveness-lock.ts";
import type { Opening } from "./opening.ts";
import type { Operations, ThreadPort } from "./protocol.ts";
import type { SilenceRules } from "./thread.ts";

export interface ChannelOptions<Ops extends Operations> {
  readonly startThread: () => ThreadPort;
  /** What the loss of the thread means, in words for the user. `reason` may be empty. */
  readonly toLoss: (reason: string) => Error;
  readonly opening?: Opening<Ops>;
  readonly silence?: SilenceRules;
  /** Errors of a call after which the thread is in no state to go on: it is ended. */
  readonly isFatal?: (error: Error) => boolean;
  /**
   * False while the thread cannot hear a cancel: it is ended then, and the other calls start again
   * on a new one. Always true where left out.
   */
  readonly hearsCancel?: () => boolean;
  /** The platform's where left out; null watches no locks. */
  readonly locks?: Locks | null;
}

export interface Call<Request, Event, Item = never> {
  /** Built anew where the call starts again on another thread. */
  readonly request: () => Request;
  /** What the request hands over; a call that hands something over cannot start again. */
  readonly transfer?: readonly Transferable[];
  /**
   * Follow the request as they come, each with what it hands over. Where they fail, the call does with
   * that error. A call with items cannot start again.
   */
  readonly items?: AsyncIterable<{
    readonly item: Item;
    readonly transfer: readonly Transferable[];
  }>;
  readonly onEvent?: (event: Event) => void;
  readonly job?: Job | undefined;
}
