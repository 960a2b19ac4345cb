import type { Job } from "../../domain/job.ts";
import type { NameOf, Operations } from "./protocol.ts";

/** The call that a fresh thread needs before any other. */
export type Opening<Ops extends Operations> = {
  [K in NameOf<Ops>]: {
    readonly op: K;
    /** Built anew for each thread. */
    readonly request: () => Ops[K]["request"];
    readonly onReply: (reply: Ops[K]["reply"]) => void;
  };
}[NameOf<Ops>];

/** One opening under way or answered; it may go on on another thread, under another id. */
export class OpeningCall {
  id = 0;
  isDone = false;
  /** Those who wait for the opening alone. */
  waiting = 0;
  readonly result: Promise<void>;
  resolve: () => void = () => undefined;
  reject: (error: Error) => void = () => undefined;

  constructor(readonly onProgress: Job["onProgress"]) {
    this.result = new Promise((resolve, reject) => {
      this.resolve = () => {
        this.isDone = true;
        resolve();
      };
      this.reject = reject;
    });
    // Whoever waits hears of a failure; a call that is posted behind the opening is told itself.
    this.result.catch(() => undefined);
  }
}
