import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { type Browser, chromium, expect, type Page, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import { openNodeForecaster } from "../src/cli/node-model/forecaster.ts";
import { folderPackSource } from "../src/cli/node-model/pack.ts";
import { modelThreads } from "../src/domain/model-threads.ts";
import { pannedHistory } from "./harness/history.ts";
import type { Sampled, SampleRequest } from "./harness/inference.ts";
import { SOFTWARE_WEBGPU } from "./software-gpu.ts";

/**
 * The model in the page: WebAssembly agrees with the command, WebGPU agrees with WebAssembly (on
 * SwiftShader, Chromium's software adapter), a cancel stops, a lost device gives no results.
 */
const ROOT = resolve(import.meta.dirname, "..");
const TINY = "/src/workers/inference/testdata/tiny-pack/";
const PHOTO = "/src/workers/inference/testdata/tiny-photo/";
const SHIPPED = "/packs/compact/";
const SHIPPED_FOLDER = resolve(ROOT, "public/packs/compact");
const SAME_PX = 0.05;
/** Adds up over the solver's steps and is scaled by the clip's motion. */
const WEBGPU_PX = 0.05;

let server: ViteDevServer;
let address: string;

test.beforeAll(async () => {
  server = await createServer({
    root: ROOT,
    server: { port: 0, host: "127.0.0.1" },
    cacheDir: ".cache/vite-harness-inference",
    logLevel: "error",
  });
  await server.listen();
  address = server.resolvedUrls?.local[0] ?? "";
});

test.afterAll(async () => server?.close());

async function openHarness(page: Page): Promise<Page> {
  page.on("pageerror", (error) => console.error(error));
  await page.goto(new URL("e2e/harness/inference.html", address).href);
  await page.waitForFunction(() => "inference" in window);
  return page;
}

function sample(page: Page, request: SampleRequest): Promise<Sampled> {
  return page.evaluate((r) => window.inference.sample(r), request);
}

function largestDifference(a: readonly number[][], b: readonly number[][]): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  a.forEach((row, k) => {
    expect(row.length).toBe(b[k].length);
    row.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - b[k][i]));
    });
  });
  return largest;
}

async function sampleInNode(
  folder: string,
  { seeds, sampler }: Pick<SampleRequest, "seeds" | "sampler">,
): Promise<number[][]> {
  const forecaster = await openNodeForecaster(folderPackSource(folder), 1);
  const tracks: number[][] = [];
  await forecaster.forecast(
    { inputs: { history: pannedHistory(40), frame_interval: 1 / 16 }, seeds, sampler },
    (future) => tracks.push(Array.from(future.tracks.tracksTN2)),
  );
  await forecaster.dispose();
  return tracks;
}

for (const [name, pack, folder] of [
  ["tiny", TINY, resolve(ROOT, `.${TINY}`)],
  ["shipped", SHIPPED, SHIPPED_FOLDER],
] as const) {
  test(`the ${name} pack gives the same futures in the page and in the command`, async ({
    page,
  }) => {
    await openHarness(page);
    const request = { seeds: [1, 2, 5], sampler: { solver: "euler" as const, steps: 4 } };
    const here = await sample(page, { ...request, pack, preference: "wasm" });
    const error = largestDifference(here.tracks, await sampleInNode(folder, request));
    console.log(
      `${name}: page and command differ by at most ${error.toExponential(2)} px; ${here.backend.reason}; load ${Math.round(here.loadMillis)} ms, first ${Math.round(here.firstMillis)} ms, three ${Math.round(here.allMillis)} ms`,
    );
    expect(here.backend.backend).toBe("wasm");
    expect(here.backend.threads).toBe(modelThreads(availableParallelism(), true));
    expect(error).toBeLessThan(SAME_PX);
  });
}

test("a cancel in the page stops the work and the next forecast runs", async ({ page }) => {
  await openHarness(page);
  const outcome = await page.evaluate((pack) => window.inference.cancel(pack, "wasm"), TINY);
  expect(outcome.error).toBe("CancelledError");
  expect(outcome.heard).toBeLessThan(10);
  expect(outcome.after).toBe(2);
});

test.describe("WebGPU", () => {
  let browser: Browser;
  let page: Page;

  test.beforeAll(async ({ launchOptions }) => {
    browser = await chromium.launch({ ...launchOptions, args: SOFTWARE_WEBGPU });
    page = await openHarness(await (await browser.newContext()).newPage());
  });

  test.afterAll(async () => browser?.close());

  test("a software adapter is left for WebAssembly, and the report says so", async () => {
    const sampler = { solver: "euler" as const, steps: 1 };
    const { backend } = await sample(page, { pack: TINY, preference: "auto", seeds: [1], sampler });
    expect(backend.backend).toBe("wasm");
    expect(backend.reason).toContain("software");
  });

  test("futures agree with WebAssembly", async () => {
    const sampler = { solver: "euler" as const, steps: 4 };
    const request = { pack: TINY, seeds: [3, 4], sampler };
    const wasm = await sample(page, { ...request, preference: "wasm" });
    const webgpu = await sample(page, { ...request, preference: "webgpu" });
    expect(webgpu.backend.backend).toBe("webgpu");
    const error = largestDifference(webgpu.tracks, wasm.tracks);
    console.log(`tiny: WebGPU and WASM differ by at most ${error.toExponential(2)} px`);
    expect(error).toBeLessThan(WEBGPU_PX);
  });

  test("futures of one picture agree with WebAssembly, with their modes and finer cells", async () => {
    const made = (preference: "wasm" | "webgpu") =>
      page.evaluate(([pack, p]) => window.inference.picture(pack, p), [PHOTO, preference] as const);
    const wasm = await made("wasm");
    const webgpu = await made("webgpu");
    expect(webgpu.backend.backend).toBe("webgpu");
    expect(webgpu.modes).toEqual(wasm.modes);
    expect(wasm.modes.length).toBeGreaterThan(1);
    expect(largestDifference([webgpu.moving], [wasm.moving])).toBeLessThan(1e-4);
    expect(largestDifference(webgpu.finer, wasm.finer)).toBeLessThan(1e-5);
    expect(Math.max(...wasm.fields)).toBeGreaterThan(50);
    expect(largestDifference([webgpu.fields], [wasm.fields])).toBeLessThan(WEBGPU_PX);
  });

  test("every graph of the shipped pack is right", async () => {
    // The software adapter takes minutes to compile the shaders where the machine is busy.
    test.setTimeout(900_000);
    const { result, held } = await page.evaluate((p) => window.inference.selfTest(p), SHIPPED);
    console.log(
      `shipped: largest error on WebGPU ${result?.worst.toExponential(2)} of its tolerance, in ${result?.where}`,
    );
    expect(result).toMatchObject({ ok: true });
    expect(held).toBe(0);
  });

  test("the same tensors are held after every run", async () => {
    const held = await page.evaluate((pack) => window.inference.tensorsHeld(pack), TINY);
    expect(new Set(held).size).toBe(1);
  });

  for (const when of ["between", "during"] as const) {
    test(`a device lost ${when} runs ends in RuntimeLostError, its results unused`, async () => {
      const outcome = await page.evaluate(([p, w]) => window.inference.lose(p, w), [
        TINY,
        when,
      ] as const);
      expect(outcome).toEqual({ during: "RuntimeLostError", later: "RuntimeLostError", after: 0 });
    });
  }
});
