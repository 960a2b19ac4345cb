import kernel from "virtual:tracking-kernel";
import { createPointTracker } from "../../engine/tracking/track.ts";
import { serveChannel } from "../channel/server.ts";
import { trackingHandlers } from "./server.ts";

const tracker = createPointTracker(() =>
  WebAssembly.compile(Uint8Array.from(atob(kernel), (character) => character.charCodeAt(0))),
);

// Two at once would only delay the first result.
serveChannel(self, trackingHandlers(tracker), { oneAtATime: true });
