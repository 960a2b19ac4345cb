import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { chromium, expect, test } from "@playwright/test";
import type { ToClient, ToThread } from "../src/workers/channel/protocol.ts";
import { SOFTWARE_WEBGPU } from "./software-gpu.ts";

const ROOT = resolve(import.meta.dirname, "..");
const PACK = resolve(ROOT, "src/workers/inference/testdata/tiny-pack");

test("WebGPU runs in the built worker under its content policy", async ({
  baseURL,
  launchOptions,
}) => {
  const assets = await readdir(resolve(ROOT, "dist/assets"));
  const script = assets.find((name) => /^inference\.worker.*\.js$/.test(name)) ?? "";
  const names = await readdir(PACK);
  const files = await Promise.all(
    names.map(
      async (name) => [name, (await readFile(resolve(PACK, name))).toString("base64")] as const,
    ),
  );
  const browser = await chromium.launch({ ...launchOptions, args: SOFTWARE_WEBGPU });
  try {
    const page = await browser.newPage(baseURL ? { baseURL } : {});
    await page.goto("/");
    const reply = await page.evaluate(
      async ([worker, pack]) => {
        const blobs = pack.map(([name, base64]) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          return [name, new Blob([bytes])] as const;
        });
        const running = new Worker(new URL(`assets/${worker}`, location.href), { type: "module" });
        return new Promise<ToClient>((done, fail) => {
          running.onerror = (event) => fail(new Error(event.message));
          running.onmessage = ({ data }: MessageEvent<ToClient>) => {
            if (data.kind === "done" || data.kind === "failed") done(data);
          };
          const location = { kind: "files", files: new Map(blobs) };
          const request = { location, preference: "webgpu" };
          running.postMessage({ kind: "call", id: 1, op: "load", request } satisfies ToThread);
        });
      },
      [script, files] as const,
    );
    expect(reply).toMatchObject({ kind: "done", reply: { backend: { backend: "webgpu" } } });
  } finally {
    await browser.close();
  }
});
