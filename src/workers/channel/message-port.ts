import type { ServerPort, ThreadPort } from "./protocol.ts";

/** What serves the other end of `port`, as a thread. Ending it closes the port only. */
export function threadBehind(port: MessagePort): ThreadPort {
  port.start();
  return {
    postMessage: (message, transfer) => port.postMessage(message, transfer),
    addEventListener: (type, listener) => port.addEventListener(type, listener),
    terminate: () => port.close(),
  };
}

/** The end of a message port at which a channel is served. */
export function asServerPort(port: MessagePort): ServerPort {
  port.start();
  return {
    postMessage: (message, options) => port.postMessage(message, options),
    addEventListener: (type, listener) => port.addEventListener(type, listener),
  };
}
