import { CancelledError, serializeError } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";
import { Stream } from "../../domain/stream.ts";
import { holdLivenessLock, type Locks, platformLocks } from "./liveness-lock.ts";
import type { NameOf, Operations, ServerPort, ToClient, ToThread } from "./protocol.ts";

/** What an operation's code sees of the call that it serves. */
export interface ServedCall<Event, Item = never> {
  /** Its signal aborts when the client cancels; its progress goes to the client. */
  readonly job: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void };
  /** What follows the request; fails with CancelledError on a cancel. */
  readonly items: AsyncIterable<Item>;
  send(event: Event, transfer?: readonly Transferable[]): void;
  /** Buffers that go over with the reply instead of being copied. */
  handOver(transfer: readonly Transferable[]): void;
}

export type Handlers<Ops extends Operations> = {
  readonly [K in NameOf<Ops>]: (
    request: Ops[K]["request"],
    call: ServedCall<Ops[K]["event"], Ops[K]["item"]>,
  ) => Promise<Ops[K]["reply"]>;
};

export interface ServeOptions {
  /** Calls are worked off in their order; a cancelled one that still waits never starts. */
  readonly oneAtATime?: boolean;
  readonly locks?: Locks | null;
}

type CallMessage = Extract<ToThread, { kind: "call" }>;

/** The thread's side of a channel. Answers every call once, with a reply or with its error. */
export function serveChannel<Ops extends Operations>(
  port: ServerPort,
  handlers: Handlers<Ops>,
  { oneAtATime = false, locks = platformLocks() }: ServeOptions = {},
): void {
  const running = new Map<number, AbortController>();
  const items = new Map<number, Stream<unknown>>();
  const waiting = new Map<number, CallMessage>();
  let queue: Promise<void> = Promise.resolve();

  function send(message: ToClient, transfer: readonly Transferable[] = []): void {
    port.postMessage(message, { transfer: [...transfer] });
  }

  function fail(id: number, error: unknown): void {
    send({ kind: "failed", id, error: serializeError(error) });
  }

  async function serve({ id, op, request }: CallMessage): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const transfer: Transferable[] = [];
    try {
      const reply = await handlers[op as NameOf<Ops>](request, {
        job: {
          signal: controller.signal,
          onProgress: (progress) => send({ kind: "progress", id, progress }),
        },
        items: (items.get(id) ?? new Stream()) as AsyncIterable<never>,
        send: (event, handedOver) => send({ kind: "event", id, event }, handedOver),
        handOver: (buffers) => void transfer.push(...buffers),
      });
      send({ kind: "done", id, reply }, transfer);
    } catch (error) {
      fail(id, error);
    } finally {
      running.delete(id);
      items.delete(id);
    }
  }

  function enqueue(message: CallMessage): void {
    waiting.set(message.id, message);
    queue = queue.then(async () => {
      if (waiting.delete(message.id)) await serve(message);
    });
  }

  function cancel(id: number): void {
    items.get(id)?.fail(new CancelledError());
    if (!waiting.delete(id)) {
      running.get(id)?.abort();
      return;
    }
    items.delete(id);
    fail(id, new CancelledError());
  }

  holdLivenessLock((lock) => send({ kind: "hello", lock }), locks);
  port.addEventListener("message", ({ data }: MessageEvent<ToThread>) => {
    if (data.kind === "item") items.get(data.id)?.add(data.item);
    else if (data.kind === "last") items.get(data.id)?.end();
    else if (data.kind === "call") {
      items.set(data.id, new Stream());
      if (oneAtATime) enqueue(data);
      else void serve(data);
    } else cancel(data.id);
  });
}
