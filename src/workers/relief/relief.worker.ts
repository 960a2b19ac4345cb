import { reliefEstimator } from "../../engine/space/estimator.ts";
import { serveChannel } from "../channel/server.ts";
import { reliefHandlers } from "./server.ts";

serveChannel(self, reliefHandlers(reliefEstimator), { oneAtATime: true });
