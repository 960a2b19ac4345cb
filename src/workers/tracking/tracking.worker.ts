import { pointTracker } from "../../engine/tracking/track.ts";
import { serveChannel } from "../channel/server.ts";
import { trackingHandlers } from "./server.ts";

// Two at once would only delay the first result.
serveChannel(self, trackingHandlers(pointTracker), { oneAtATime: true });
