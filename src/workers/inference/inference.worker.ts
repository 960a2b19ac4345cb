import { holdLifeline } from "../lifeline.ts";
import { inspectPack, openForecaster } from "./open-forecaster.ts";
import type { InferenceRequest } from "./protocol.ts";
import { createInferenceServer } from "./server.ts";

holdLifeline();

const serve = createInferenceServer(openForecaster, inspectPack, (reply, transfer = []) =>
  self.postMessage(reply, { transfer }),
);

self.addEventListener("message", ({ data }: MessageEvent<InferenceRequest>) => serve(data));
