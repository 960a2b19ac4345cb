import { awaitThreadEnd, type Locks } from "./liveness-lock.ts";
import type { ThreadPort, ToClient, ToThread } from "./protocol.ts";
import { SilenceWatch } from "./silence.ts";

/** Until its first message: its script may come over a slow line. */
const START_PATIENCE_MILLIS = 60_000;

/** How long a thread that has work may say nothing. Without rules it may be silent for ever. */
export interface SilenceRules {
  /** Null: without limit. `blocks`: the thread cannot say often that it lives (its own words). */
  patienceMillis(blocks: boolean): number | null;
  /** Called with each message, for rules that learn. */
  heard?(): void;
  /**
   * The patience is over: why the thread is given up, in words for the user, or "restart" where the
   * calls should go on on a new thread.
   */
  onSilent?(blocks: boolean): string;
}

/** What belongs to a call. */
export type CallMessage = Exclude<ToClient, { kind: "hello" | "alive" }>;

export interface ThreadEvents {
  onMessage(message: CallMessage): void;
  /** It has ended, did not start, or was silent for too long. At most once, never after `end`. */
  onLost(reason: string): void;
  onRestart(): void;
}

/**
 * One running thread and all that tells of its life: its error event, its liveness lock, its first
 * message, and silence while it has work.
 */
export class Thread {
  /** What the thread runs now keeps it from hearing and speaking. */
  blocks = true;
  private isUp = false;
  private hasEnded = false;
  private hasWork = false;
  private patienceMillis: number | null = null;
  private readonly silence = new SilenceWatch(() => this.silent());

  constructor(
    private readonly port: ThreadPort,
    private readonly rules: SilenceRules | undefined,
    private readonly events: ThreadEvents,
    private readonly locks: Locks | null,
  ) {
    port.addEventListener("message", (event) => this.receive((event as MessageEvent).data));
    port.addEventListener("error", (event) => this.lose((event as ErrorEvent).message ?? ""));
    port.addEventListener("messageerror", () => this.lose("a message could not be read"));
    this.watch();
  }

  post(message: ToThread, transfer: readonly Transferable[] = []): void {
    this.port.postMessage(message, [...transfer]);
  }

  /** Whether a call waits: only then silence means something. */
  setWork(hasWork: boolean): void {
    this.hasWork = hasWork;
    this.watch();
  }

  end(): void {
    this.hasEnded = true;
    this.silence.stop();
    this.port.terminate();
  }

  private receive(message: ToClient): void {
    if (this.hasEnded) return;
    this.isUp = true;
    this.rules?.heard?.();
    if (message.kind === "alive") this.blocks = message.blocks;
    this.watch();
    if (message.kind === "hello") {
      if (message.lock === null) return;
      awaitThreadEnd(message.lock, () => this.lose("its thread ended"), this.locks);
    } else if (message.kind !== "alive") this.events.onMessage(message);
  }

  private watch(): void {
    const millis = this.patience();
    if (millis === null) this.silence.stop();
    else if (millis === this.patienceMillis) this.silence.heard();
    else this.silence.listen(millis);
    this.patienceMillis = millis;
  }

  private patience(): number | null {
    if (this.hasEnded) return null;
    if (!this.isUp) return START_PATIENCE_MILLIS;
    return this.hasWork ? (this.rules?.patienceMillis(this.blocks) ?? null) : null;
  }

  private silent(): void {
    this.patienceMillis = null;
    const verdict = this.isUp
      ? (this.rules?.onSilent?.(this.blocks) ?? "no answer")
      : "its thread did not start";
    if (verdict === "restart") this.events.onRestart();
    else this.lose(verdict);
  }

  private lose(reason: string): void {
    if (!this.hasEnded) this.events.onLost(reason);
  }
}
