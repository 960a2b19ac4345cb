import { pointTracker } from "../../engine/tracking/track.ts";
import { holdLifeline } from "../lifeline.ts";
import type { TrackingRequest } from "./protocol.ts";
import { createTrackingServer } from "./server.ts";

holdLifeline();

const serve = createTrackingServer(pointTracker, (reply) => self.postMessage(reply));

self.addEventListener("message", ({ data }: MessageEvent<TrackingRequest>) => serve(data));
