import { join, resolve } from "node:path";
import { expect, type Page, test, type Worker } from "@playwright/test";
import { MEDIA_DIR, makeMedia } from "./media/make.ts";
import { serveStatic } from "./static-host.ts";
import { StudioPage } from "./studio.ts";
import { serveTinyModel } from "./tiny-model.ts";

/** Whatever stops in the middle, the work that the user made stays, and the next press goes on. */

// Drawing in software is slow: a small stage leaves the processor to what is tested.
test.use({ actionTimeout: 60_000, viewport: { width: 1000, height: 640 } });

const ROOT = resolve(import.meta.dirname, "..");

async function openCrossing(page: Page, futures: number): Promise<StudioPage> {
  const studio = new StudioPage(page);
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill(String(futures));
  return studio;
}

/** The running thread of that name; the newest where there are several. */
async function workerOf(page: Page, name: string): Promise<Worker> {
  const running = () => page.workers().filter((worker) => worker.url().includes(`/${name}.worker`));
  await expect.poll(() => running().length).toBeGreaterThan(0);
  return running().at(-1) as Worker;
}

/** An uncaught error, or as when the browser takes a thread's memory back: no error tells of that. */
type End = "crash" | "silence";

/** Ends a thread at once. */
async function end(page: Page, name: string, how: End): Promise<void> {
  await (await workerOf(page, name)).evaluate((how) => {
    setTimeout(() => {
      if (how === "crash") throw new Error("made up by the test");
      self.close();
    });
  }, how);
}

/**
 * From now on a thread tells that it lives and nothing else: who asks it waits until it ends. Gives what
 * ends it, once it was asked and the user is told of reading or tracking.
 */
async function hush(studio: StudioPage, name: string, how: End): Promise<() => Promise<void>> {
  const worker = await workerOf(studio.page, name);
  const asked = await worker.evaluateHandle(() => {
    const tell = self.postMessage.bind(self);
    self.postMessage = () => undefined;
    setInterval(() => tell({ kind: "alive", blocks: false }), 500);
    // In an object: a promise itself would be waited for here.
    return { once: new Promise((resolve) => self.addEventListener("message", resolve)) };
  });
  return async () => {
    await expect(studio.status).toHaveText(/^(Reading|Tracking) the past/);
    await asked.evaluate(async ({ once }) => void (await once));
    await end(studio.page, name, how);
  };
}

test("a model thread that crashes is started again and finishes the forecast", async ({ page }) => {
  await serveTinyModel(page);
  const studio = await openCrossing(page, 2);
  await studio.run(studio.forecast);
  await page.getByRole("button", { name: "Keep seed 2" }).click();
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("9");
  await page.getByRole("spinbutton", { name: "Solver steps" }).fill("100");
  await studio.resample.click();
  await expect(studio.status).toContainText(/[1-7] of 8 futures/);
  await end(page, "inference", "crash");
  await expect(studio.status).toHaveText("Forecast ready", { timeout: 120_000 });
  await expect(studio.futures).toHaveCount(9);
  expect((await studio.seeds())[1]).toBe(2);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a tracking or decoding thread that crashes is told, and the next press goes on", async ({
  page,
}) => {
  await serveTinyModel(page);
  const studio = await openCrossing(page, 2);
  await studio.run(studio.forecast);
  const seeds = await studio.seeds();
  const loseTracker = await hush(studio, "tracking", "crash");
  await studio.now.fill("70");
  await studio.forecast.click();
  await loseTracker();
  await expect(page.getByRole("alert")).toContainText("Tracking stopped");
  expect(await studio.seeds()).toEqual(seeds);
  expect(await studio.frameOf(studio.now)).toBe(70);

  const loseDecoder = await hush(studio, "decode", "crash");
  await studio.now.fill("90");
  await studio.forecast.click();
  await loseDecoder();
  await expect(page.getByRole("alert")).toContainText("The decoder stopped");
  expect(await studio.seeds()).toEqual(seeds);
  await studio.run(studio.forecast);
  await expect(page.getByRole("alert")).toHaveCount(0);
  expect(await studio.frameOf(studio.now)).toBe(90);
  expect(await studio.seeds()).toEqual(seeds);
});

test("a thread that ends without a word is told or started again, and the next press goes on", async ({
  page,
}) => {
  await serveTinyModel(page);
  const studio = await openCrossing(page, 2);
  await studio.run(studio.forecast);
  // While nobody waits for them.
  await end(page, "tracking", "silence");
  await end(page, "inference", "silence");
  await studio.now.fill("60");
  await studio.run(studio.forecast);
  await expect(page.getByRole("alert")).toHaveCount(0);

  const loseTracker = await hush(studio, "tracking", "silence");
  await studio.now.fill("70");
  await studio.forecast.click();
  await loseTracker();
  await expect(page.getByRole("alert")).toContainText("Tracking stopped (its thread ended)");
  const loseDecoder = await hush(studio, "decode", "silence");
  await studio.now.fill("90");
  await studio.forecast.click();
  await loseDecoder();
  await expect(page.getByRole("alert")).toContainText("The decoder stopped (its thread ended)");

  await studio.run(studio.forecast);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("8");
  await page.getByRole("spinbutton", { name: "Solver steps" }).fill("100");
  await studio.resample.click();
  await expect(studio.status).toContainText(/[1-7] of 8 futures/);
  await end(page, "inference", "silence");
  await expect(studio.status).toHaveText("Forecast ready", { timeout: 120_000 });
  await expect(studio.futures).toHaveCount(8);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a model file that fails, is cut off or altered is told, and the right one is taken next", async ({
  page,
}) => {
  const faults = ["abort", "cut", "altered", "missing"] as const;
  let fault: (typeof faults)[number] | null = null;
  await serveTinyModel(page, (name, bytes) => {
    if (name !== "velocity.onnx" || fault === null) return bytes;
    if (fault === "cut") return bytes.subarray(0, 200);
    if (fault !== "altered") return fault;
    bytes[bytes.length >> 1] ^= 4;
    return bytes;
  });
  fault = "abort";
  const studio = await openCrossing(page, 2);
  const says = {
    abort: /velocity\.onnx cannot be loaded/,
    cut: /velocity\.onnx .* is not the one that its manifest promises/,
    altered: /velocity\.onnx .* is not the one that its manifest promises/,
    missing: /velocity\.onnx answered 404/,
  };
  for (fault of faults) {
    await studio.forecast.click();
    await expect(page.getByRole("alert")).toContainText(says[fault], { timeout: 120_000 });
    await expect(studio.forecast).toBeEnabled();
    expect(await studio.frameOf(studio.now)).toBe(56);
  }
  fault = null;
  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(2);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("ffmpeg without memory is told, and the clip on stage stays", async ({ page }) => {
  await makeMedia();
  let full = true;
  const filled: Promise<void>[] = [];
  page.on("worker", (worker) => {
    if (!full || !worker.url().includes("/decode.worker")) return;
    const fill = worker.evaluate(() => {
      const instantiate = () => Promise.reject(new RangeError("Out of memory"));
      Object.assign(WebAssembly, { instantiate });
    });
    filled.push(fill);
  });
  await page.route("**/ffmpeg-core*.wasm", async (route) => {
    await Promise.all(filled);
    await route.continue();
  });
  const studio = await openCrossing(page, 2);
  await studio.open.setInputFiles(join(MEDIA_DIR, "mpeg4.avi"));
  await expect(page.getByRole("alert")).toContainText("ended in the middle of its work");
  expect(await studio.frameOf(studio.now)).toBe(56);
  full = false;
  await studio.openFile(join(MEDIA_DIR, "mpeg4.avi"));
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("without isolation the model runs on one thread", async ({ page }) => {
  await serveTinyModel(page);
  const host = await serveStatic(resolve(ROOT, "dist"), "/");
  try {
    const studio = new StudioPage(page);
    await page.goto(host.url);
    expect(await page.evaluate(() => crossOriginIsolated || "SharedArrayBuffer" in self)).toBe(
      false,
    );
    await page.getByRole("button", { name: /^Crossing/ }).click();
    await expect(studio.status).toContainText("is open", { timeout: 60_000 });
    await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
    await studio.run(studio.forecast);
    await expect(page.getByText("Model on the CPU (WebAssembly, 1 thread)")).toBeVisible();
  } finally {
    await host.close();
  }
});

test("a page that was hidden and frozen during a forecast finishes it", async ({ page }) => {
  await serveTinyModel(page);
  const studio = await openCrossing(page, 8);
  await page.getByRole("spinbutton", { name: "Solver steps" }).fill("100");
  await studio.forecast.click();
  await expect(studio.status).toContainText(/[1-7] of 8 futures/, { timeout: 120_000 });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((done) => setTimeout(done, 4000));
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await expect(studio.status).toHaveText("Forecast ready", { timeout: 120_000 });
  await expect(studio.futures).toHaveCount(8);
});

test("a forecast is exported though the connection was lost after the clip was opened", async ({
  page,
}) => {
  await serveTinyModel(page);
  const dialog = page.waitForResponse(/ExportDialog.*\.js/);
  const studio = await openCrossing(page, 1);
  await studio.run(studio.forecast);
  await dialog;
  await page.route("**/*", (route) => route.abort("internetdisconnected"));
  expect((await studio.save("Foretrack JSON")).bytes.length).toBeGreaterThan(10_000);
  expect(studio.problems).toEqual([]);
});

test("a full storage stops neither forecast nor export", async ({ page }, info) => {
  await serveTinyModel(page);
  const devtools = await page.context().newCDPSession(page);
  const studio = await openCrossing(page, 2);
  const { origin } = new URL(page.url());
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1000 });
  await studio.run(studio.forecast);
  // For half a minute the browser goes by the room that it counted before.
  await expect(async () => {
    await studio.run(studio.resample);
    await expect(page.getByText("Not saved", { exact: true })).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 120_000 });
  const storage = page.getByRole("region", { name: "Storage" });
  await expect(storage).toContainText("storage is full");
  await studio.run(studio.resample);
  await expect(storage).toContainText("storage is full");
  await page.screenshot({ path: info.outputPath("storage-full.png") });
  expect((await studio.save("Foretrack JSON")).bytes.length).toBeGreaterThan(10_000);
  // Room again: the next change is kept.
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  await page
    .getByRole("button", { name: /^Keep seed/ })
    .first()
    .click();
  await expect(page.getByText("Saved in this browser")).toBeVisible({ timeout: 60_000 });
  await expect(storage).toHaveCount(0);
});
