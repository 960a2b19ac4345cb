import kernel from "virtual:tracking-kernel";
import { compileBase64 } from "../../engine/kernels/compile.ts";
import { createPointTracker } from "../../engine/tracking/track.ts";
import { serveChannel } from "../channel/server.ts";
import { trackingHandlers } from "./server.ts";

const tracker = createPointTracker(() => compileBase64(kernel));

// Two at once would only delay the first result.
serveChannel(self, trackingHandlers(tracker), { oneAtATime: true });
