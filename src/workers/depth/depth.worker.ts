import { serveChannel } from "../channel/server.ts";
import { urlPackSource } from "../pack/url-source.ts";
import { openDepthTeller } from "./open.ts";
import { depthHandlers } from "./server.ts";

async function openFrom(url: string) {
  const { ort } = await import("../inference/ort-wasm.ts");
  ort.env.wasm.numThreads = 1;
  return openDepthTeller(urlPackSource(url, { caches: globalThis.caches }), ort);
}

serveChannel(self, depthHandlers(openFrom), { oneAtATime: true });
