import type { Operations, ServerPort, ThreadPort } from "./protocol.ts";
import { type Handlers, type ServeOptions, serveChannel } from "./server.ts";

/**
 * A channel's server in this thread, for tests and for Node: messages are cloned, what is handed
 * over is gone from the sender, and both arrive in later turns, as across threads.
 */
export class InProcessThread implements ThreadPort {
  private readonly toClient = new EventTarget();
  private readonly toServer = new EventTarget();
  terminated = false;

  /** `start` is what the thread's script would do with its `self`. */
  constructor(start: (port: ServerPort) => void) {
    start({
      postMessage: (message, { transfer }) => this.deliver(this.toClient, message, transfer),
      addEventListener: (type, listener) =>
        this.toServer.addEventListener(type, listener as (event: Event) => void),
    });
  }

  static serving<Ops extends Operations>(
    handlers: Handlers<Ops>,
    options: ServeOptions = {},
  ): InProcessThread {
    return new InProcessThread((port) => serveChannel(port, handlers, { locks: null, ...options }));
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.deliver(this.toServer, message, transfer);
  }

  addEventListener(type: string, listener: (event: Event) => void): void {
    this.toClient.addEventListener(type, listener);
  }

  terminate(): void {
    this.terminated = true;
  }

  /** What a thread does that ends with an error. */
  crash(message = "out of memory"): void {
    this.toClient.dispatchEvent(Object.assign(new Event("error"), { message }));
  }

  private deliver(to: EventTarget, message: unknown, transfer: Transferable[]): void {
    const data = structuredClone(message, { transfer });
    setTimeout(() => {
      if (!this.terminated) to.dispatchEvent(new MessageEvent("message", { data }));
    });
  }
}
