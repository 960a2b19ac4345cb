import type { SerializedError } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";

/**
 * What one operation carries: `Item`s follow the request, and `Event`s come before the reply, any
 * number of both.
 */
export interface Operation<Request, Reply, Event = never, Item = never> {
  readonly request: Request;
  readonly reply: Reply;
  readonly event: Event;
  readonly item: Item;
}

/** A channel's operations by name. */
export type Operations = {
  readonly [name: string]: Operation<unknown, unknown, unknown, unknown>;
};

export type NameOf<Ops> = keyof Ops & string;

/** Client to thread. `id` names the call. */
export type ToThread =
  | { readonly kind: "call"; readonly id: number; readonly op: string; readonly request: unknown }
  | { readonly kind: "item"; readonly id: number; readonly item: unknown }
  /** No more items of the call will come. */
  | { readonly kind: "last"; readonly id: number }
  | { readonly kind: "cancel"; readonly id: number };

/** Thread to client. */
export type ToClient =
  /** The first message: the lock that the thread holds while it lives, null where it got none. */
  | { readonly kind: "hello"; readonly lock: string | null }
  /** Sent now and then. `blocks`: what runs now keeps the thread from saying so more often. */
  | { readonly kind: "alive"; readonly blocks: boolean }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "event"; readonly id: number; readonly event: unknown }
  /** These two end the call: nothing of it runs any more. */
  | { readonly kind: "done"; readonly id: number; readonly reply: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: SerializedError };

/** The client's end: a Worker, or what behaves like one. */
export interface ThreadPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  /** Ends the thread at once, whatever it does. */
  terminate(): void;
}

/** The thread's end: `self` in a worker. */
export interface ServerPort {
  postMessage(message: unknown, options: { transfer: Transferable[] }): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}
