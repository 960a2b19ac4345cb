import { serveChannel } from "../channel/server.ts";
import { inspectPack, openForecaster } from "./open-forecaster.ts";
import { inferenceHandlers } from "./server.ts";

serveChannel(self, inferenceHandlers(openForecaster, inspectPack));
