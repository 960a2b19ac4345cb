import { CancelledError, deserializeError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled, unlessCancelled } from "../../domain/job.ts";
import { UnansweredCancels } from "./cancels.ts";
import { platformLocks } from "./liveness-lock.ts";
import { OpeningCall } from "./opening.ts";
import type { Call, ChannelOptions } from "./options.ts";
import type { NameOf, Operations } from "./protocol.ts";
import { type CallMessage, Thread } from "./thread.ts";

interface Pending {
  /** What was handed over with it is gone with its thread. */
  readonly startsAgain: boolean;
  readonly post: (thread: Thread) => void;
  readonly onEvent?: (event: unknown) => void;
  readonly onProgress: Job["onProgress"];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Typed calls to one thread, which starts with the first call. Any number may be under way; events
 * and progress of a call come in the order in which the thread sent them, before its reply. A
 * cancel rejects at once with CancelledError, also one that came before the call; nothing of a
 * cancelled call is heard afterwards. When the thread is lost, all calls reject with `toLoss` and
 * the next one starts a new thread, whose opening call is posted first. Errors keep their class.
 */
export class WorkerChannel<Ops extends Operations> {
  private thread: Thread | undefined;
  private opening: OpeningCall | undefined;
  private disposed = false;
  private nextId = 1;
  private readonly calls = new Map<number, Pending>();
  private readonly cancels = new UnansweredCancels(() =>
    this.end(this.options.toLoss("it did not answer a cancel")),
  );

  constructor(private readonly options: ChannelOptions<Ops>) {}

  /**
   * Resolves once the opening call of the running thread is answered; starts a thread where none
   * runs. A cancel ends this wait only. Where the opening fails the thread is ended.
   */
  async open(job?: Job): Promise<void> {
    throwIfCancelled(job);
    this.running(job?.onProgress);
    const { opening } = this;
    if (!opening) return;
    opening.waiting++;
    this.watch();
    try {
      await unlessCancelled(opening.result, job);
    } finally {
      opening.waiting--;
    }
  }

  call<K extends NameOf<Ops>>(
    op: K,
    call: Call<Ops[K]["request"], Ops[K]["event"], Ops[K]["item"]>,
  ): Promise<Ops[K]["reply"]> {
    const { request, transfer, items, onEvent, job } = call;
    return new Promise((resolve, reject) => {
      throwIfCancelled(job);
      const thread = this.running();
      const id = this.nextId++;
      const abort = () => {
        this.take(id)?.reject(new CancelledError());
        this.postCancel(id);
      };
      const unhook = () => job?.signal?.removeEventListener("abort", abort);
      const pending: Pending = {
        startsAgain: !items && !transfer?.length,
        post: (to) => to.post({ kind: "call", id, op, request: request() }, transfer),
        onEvent: (event) => onEvent?.(event as Ops[K]["event"]),
        onProgress: job?.onProgress,
        resolve: (reply) => {
          unhook();
          resolve(reply as Ops[K]["reply"]);
        },
        reject: (error) => {
          unhook();
          reject(error);
        },
      };
      pending.post(thread);
      this.calls.set(id, pending);
      if (items) void this.feed(id, items);
      job?.signal?.addEventListener("abort", abort, { once: true });
      this.watch();
    });
  }

  private async feed(
    id: number,
    items: AsyncIterable<{ readonly item: unknown; readonly transfer: readonly Transferable[] }>,
  ): Promise<void> {
    try {
      for await (const { item, transfer } of items) {
        if (!this.calls.has(id)) return;
        this.thread?.post({ kind: "item", id, item }, transfer);
      }
      if (this.calls.has(id)) this.thread?.post({ kind: "last", id });
    } catch (error) {
      const call = this.take(id);
      call?.reject(error instanceof Error ? error : new Error(String(error)));
      if (call) this.postCancel(id);
    }
  }

  /** Ends the thread; calls under way reject with `error`. The next call starts a new thread. */
  end(error: Error = new CancelledError()): void {
    this.stopThread();
    const { opening } = this;
    const lost = [...this.calls.values()];
    this.opening = undefined;
    this.calls.clear();
    opening?.reject(error);
    for (const { reject } of lost) reject(error);
  }

  /** Ends the thread for good: calls under way and later ones reject with CancelledError. */
  dispose(): void {
    this.disposed = true;
    this.end();
  }

  private running(onProgress?: Job["onProgress"]): Thread {
    if (this.disposed) throw new CancelledError();
    this.thread ??= this.start(onProgress);
    return this.thread;
  }

  private start(onProgress: Job["onProgress"]): Thread {
    const { options } = this;
    const { opening, locks = platformLocks() } = options;
    const events = {
      onMessage: (message: CallMessage) => this.receive(message),
      onLost: (reason: string) => this.end(options.toLoss(reason)),
      onRestart: () => this.restart(),
    };
    const thread = new Thread(options.startThread(), options.silence, events, locks);
    if (opening) {
      if (!this.opening || this.opening.isDone) this.opening = new OpeningCall(onProgress);
      const id = this.nextId++;
      this.opening.id = id;
      thread.post({ kind: "call", id, op: opening.op, request: opening.request() });
    }
    return thread;
  }

  private receive(message: CallMessage): void {
    const { id } = message;
    const call = id === this.opening?.id ? this.openingAsCall(this.opening) : this.calls.get(id);
    if (message.kind === "event") call?.onEvent?.(message.event);
    else if (message.kind === "progress") call?.onProgress?.(message.progress);
    else {
      this.cancels.answered(id);
      this.take(id);
      if (message.kind === "done") call?.resolve(message.reply);
      else {
        const error = deserializeError(message.error);
        call?.reject(error);
        if (this.options.isFatal?.(error)) this.end(error);
      }
    }
  }

  private openingAsCall(opening: OpeningCall): Omit<Pending, "post" | "startsAgain"> {
    return {
      onProgress: opening.onProgress,
      resolve: (reply) => {
        const onReply = this.options.opening?.onReply as ((reply: unknown) => void) | undefined;
        onReply?.(reply);
        opening.resolve();
        this.watch();
      },
      // A thread that could not open answers no other call either.
      reject: (error) => this.end(error),
    };
  }

  private take(id: number): Pending | undefined {
    const call = this.calls.get(id);
    this.calls.delete(id);
    this.watch();
    return call;
  }

  private watch(): void {
    const { opening } = this;
    this.thread?.setWork(this.calls.size > 0 || opening?.isDone === false);
  }

  private postCancel(id: number): void {
    const { thread, options } = this;
    if (!thread) return;
    if (options.hearsCancel?.() === false) {
      this.restart();
      return;
    }
    thread.post({ kind: "cancel", id });
    this.cancels.add(id);
  }

  /** All calls under way that can start again on a new thread; without any, none is started. */
  private restart(): void {
    this.stopThread();
    for (const [id, { startsAgain }] of this.calls) {
      if (!startsAgain) this.take(id)?.reject(this.options.toLoss("its thread was replaced"));
    }
    if (this.calls.size === 0 && !this.opening?.waiting) {
      this.end();
      return;
    }
    const thread = this.running();
    for (const { post } of this.calls.values()) post(thread);
    this.watch();
  }

  private stopThread(): void {
    this.cancels.clear();
    this.thread?.end();
    this.thread = undefined;
  }
}
