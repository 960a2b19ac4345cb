import { type Browser, chromium, expect, type LaunchOptions, type Page } from "@playwright/test";
import { StudioPage } from "./studio.ts";
import { serveTinyModel } from "./tiny-model.ts";

/** Chromium's software adapter stands in for a graphics card. */
export const SOFTWARE_WEBGPU = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
];

/** The software adapter passes for fast hardware, and its device can be reached. */
function disguise(): void {
  performance.now = () => 0;
  const info = { vendor: "test", architecture: "", description: "Test", isFallbackAdapter: false };
  Object.defineProperty(GPUAdapter.prototype, "info", { get: () => info });
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await request.call(this, descriptor);
    Object.assign(self, { device });
    return device;
  };
}

/** The workers in which models run. */
export function inferenceOf(page: Page) {
  return page.workers().filter((worker) => worker.url().includes("/inference.worker"));
}

interface Site {
  readonly baseURL: string | undefined;
  readonly launchOptions: LaunchOptions;
}

/** The studio with the tiny model, which takes the software adapter for a GPU, and a clip open. */
export async function openOnSoftwareGpu(
  { baseURL, launchOptions }: Site,
  prepare: () => void = () => undefined,
): Promise<{ browser: Browser; page: Page; studio: StudioPage }> {
  const browser = await chromium.launch({ ...launchOptions, args: SOFTWARE_WEBGPU });
  const page = await browser.newPage({
    ...(baseURL ? { baseURL } : {}),
    viewport: { width: 1000, height: 640 },
    serviceWorkers: "block",
  });
  page.on("worker", (worker) => {
    if (!worker.url().includes("/inference.worker")) return;
    void worker.evaluate(disguise);
    void worker.evaluate(prepare);
  });
  await serveTinyModel(page);
  const studio = new StudioPage(page);
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  return { browser, page, studio };
}
