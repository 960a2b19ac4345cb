import { serveChannel } from "../channel/server.ts";
import { tracksFileHandlers } from "./server.ts";

serveChannel(self, tracksFileHandlers(), { oneAtATime: true });
