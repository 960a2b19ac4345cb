import { expect, test } from "@playwright/test";
import { inferenceOf, openOnSoftwareGpu } from "./software-gpu.ts";

/** Buffers and bytes that live on the device, as the worker's own calls tell. */
interface Held {
  readonly buffers: number;
  readonly bytes: number;
}

const RESAMPLES = Number(process.env.GPU_RESAMPLES ?? 12);

/** Runs in the worker: counts what is created and not yet destroyed. */
function countBuffers(): void {
  const held = { buffers: 0, bytes: 0 };
  const sizes = new WeakMap<GPUBuffer, number>();
  const create = GPUDevice.prototype.createBuffer;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = create.call(this, descriptor);
    sizes.set(buffer, descriptor.size);
    held.buffers++;
    held.bytes += descriptor.size;
    return buffer;
  };
  const destroy = GPUBuffer.prototype.destroy;
  GPUBuffer.prototype.destroy = function () {
    const size = sizes.get(this);
    if (size !== undefined) {
      sizes.delete(this);
      held.buffers--;
      held.bytes -= size;
    }
    return destroy.call(this);
  };
  Object.assign(self, { heldBuffers: held });
}

test("buffers on the GPU stay flat over many resamples", async ({ baseURL, launchOptions }) => {
  const { browser, page, studio } = await openOnSoftwareGpu(
    { baseURL, launchOptions },
    countBuffers,
  );
  const read = async (): Promise<Held> => {
    const all = await Promise.all(
      inferenceOf(page).map((worker) =>
        worker.evaluate(() => (self as unknown as { heldBuffers: Held }).heldBuffers),
      ),
    );
    return all.reduce((a, b) => ({ buffers: a.buffers + b.buffers, bytes: a.bytes + b.bytes }));
  };
  try {
    await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
    await studio.run(studio.forecast);
    await expect(page.getByText("Model on the GPU (WebGPU)")).toBeVisible();
    const readings: Held[] = [];
    for (let i = 1; i <= RESAMPLES; i++) {
      await studio.run(studio.resample);
      if (i % Math.ceil(RESAMPLES / 4) === 0) readings.push(await read());
    }
    for (const { buffers, bytes } of readings) {
      console.log(`${buffers} buffers, ${(bytes / 1e6).toFixed(2)} MB on the GPU`);
    }
    const [first, last] = [readings[0], readings.at(-1)];
    expect(first.bytes).toBeGreaterThan(0);
    expect(last?.bytes).toBeLessThanOrEqual(1.05 * first.bytes);
    expect(last?.buffers).toBeLessThanOrEqual(1.05 * first.buffers);
  } finally {
    await browser.close();
  }
});
