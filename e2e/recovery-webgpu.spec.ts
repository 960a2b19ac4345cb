import { expect, test, type Worker } from "@playwright/test";
import { inferenceOf, openOnSoftwareGpu } from "./software-gpu.ts";

/**
 * The graphics device goes away at every moment of a forecast, as with a driver update or a machine
 * that wakes up.
 */
/** After "Forecasting" shows: before, between and after solver steps, wherever they fall. */
const MOMENTS_MILLIS = [0, 150, 700];

/** False where the thread has no device (any more). */
function destroyDevice(worker: Worker): Promise<boolean> {
  return worker.evaluate(() => {
    const { device } = self as unknown as { device?: GPUDevice };
    device?.destroy();
    return device !== undefined;
  });
}

test("a graphics device lost at any moment costs no future", async ({ baseURL, launchOptions }) => {
  const { browser, page, studio } = await openOnSoftwareGpu({ baseURL, launchOptions });
  try {
    await page.getByRole("spinbutton", { name: "How many to sample" }).fill("3");
    await page.getByRole("spinbutton", { name: "Solver steps" }).fill("20");
    await studio.run(studio.forecast);
    await expect(page.getByText("Model on the GPU (WebGPU)")).toBeVisible();
    await page.getByRole("button", { name: "Keep seed 2" }).click();

    let lost = 0;
    for (const moment of MOMENTS_MILLIS) {
      await studio.resample.click();
      await expect(studio.status).toContainText(/Forecasting|futures/);
      await page.waitForTimeout(moment);
      for (const worker of inferenceOf(page)) if (await destroyDevice(worker)) lost++;
      await expect(studio.status).toHaveText("Forecast ready", { timeout: 200_000 });
      await expect(page.getByRole("alert")).toHaveCount(0);
    }
    // Between two forecasts, when nobody waits for it.
    for (const worker of inferenceOf(page)) if (await destroyDevice(worker)) lost++;
    await studio.run(studio.resample);
    // A thread that has only just started again has no device that could be lost.
    expect(lost).toBeGreaterThanOrEqual(2);
    expect(await studio.seeds()).toEqual([10, 2, 11]);
    await expect(studio.futures).toHaveCount(3);
  } finally {
    await browser.close();
  }
});
