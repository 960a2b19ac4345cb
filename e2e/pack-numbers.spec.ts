import { resolve } from "node:path";
import { type Browser, chromium, expect, type Page, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import type { Backend } from "./harness/packs.ts";
import { makeReferencePack, REFERENCE_URL, whyNoReference } from "./reference-pack.ts";
import { SOFTWARE_WEBGPU } from "./software-gpu.ts";

/**
 * The converted networks in the browser give PyTorch's numbers, on WebAssembly and on WebGPU
 * (SwiftShader, Chromium's software adapter).
 */
const ROOT = resolve(import.meta.dirname, "..");
const TINY = "/src/workers/inference/testdata/tiny-trajloom/";
/** Largest error: positions in px, everything else relative to the largest value. */
const LIMITS: Readonly<Record<string, number>> = {
  latentMean: 1e-4,
  latentScale: 1e-4,
  reconstructionPx: 1e-3,
  velocityAll: 1e-4,
  velocityNone: 1e-4,
  sample: 1e-3,
  futurePx: 1e-3,
  visibility: 1e-4,
  videoLatent: 1e-4,
};

// The software adapter takes minutes to compile the shaders where the machine is busy.
test.setTimeout(1_200_000);

let server: ViteDevServer;
let browser: Browser;
let page: Page;

test.beforeAll(async ({ launchOptions }) => {
  server = await createServer({
    root: ROOT,
    // A file that changes meanwhile must not reload the page.
    server: { port: 0, host: "127.0.0.1", watch: null, hmr: false },
    cacheDir: ".cache/vite-harness-packs",
    logLevel: "error",
  });
  await server.listen();
  browser = await chromium.launch({ ...launchOptions, args: SOFTWARE_WEBGPU });
});

// A page of its own for each: the runtimes do not share one.
test.beforeEach(async () => {
  page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error));
  const address = server.resolvedUrls?.local[0] ?? "";
  await page.goto(new URL("e2e/harness/packs.html", address).href);
  await page.waitForFunction(() => "packs" in window);
});

test.afterEach(() => page.close());

test.afterAll(async () => {
  await browser?.close();
  await server?.close();
});

for (const backend of ["wasm", "webgpu"] as const satisfies readonly Backend[]) {
  test(`${backend}: every graph of the tiny pack gives its goldens`, async () => {
    const result = await page.evaluate(([url, b]) => window.packs.goldens(url, b), [
      TINY,
      backend,
    ] as const);
    console.log(`${backend}: ${result.worst.toExponential(2)} of the tolerance, ${result.where}`);
    expect(result.roles).toEqual(["encode", "decode", "velocity", "visibility"]);
    expect(result).toMatchObject({ ok: true, held: 0 });
  });

  test(`${backend}: the reference instances are reproduced`, async () => {
    const missing = whyNoReference();
    test.skip(missing !== null, missing ?? "");
    makeReferencePack();
    const errors = await page.evaluate(([url, b]) => window.packs.reference(url, b), [
      REFERENCE_URL,
      backend,
    ] as const);
    console.log(
      `${backend}: ${Object.entries(errors)
        .map(([name, error]) => `${name} ${error.toExponential(1)}`)
        .join(", ")}`,
    );
    expect(Object.keys(errors).sort()).toEqual(Object.keys(LIMITS).sort());
    for (const [name, limit] of Object.entries(LIMITS)) {
      expect(errors[name], name).toBeLessThanOrEqual(limit);
    }
  });
}
