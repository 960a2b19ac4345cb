import { holdLifeline } from "../lifeline.ts";
import type { TracksFileRequest } from "./protocol.ts";
import { createTracksFileServer } from "./server.ts";

holdLifeline();

const serve = createTracksFileServer((reply) => {
  const arrays = reply.kind === "imported" ? reply.imported.tracks : null;
  self.postMessage(reply, {
    transfer: arrays ? [arrays.tracksTN2.buffer, arrays.visibilityTN.buffer] : [],
  });
});

self.addEventListener("message", ({ data }: MessageEvent<TracksFileRequest>) => serve(data));
