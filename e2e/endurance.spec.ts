import { expect, test } from "@playwright/test";
import { serveTinyModel } from "./tiny-model.ts";
import { growth, resampleOften } from "./torture/resample.ts";
import { openSite } from "./torture/site.ts";

test("memory stays flat over 200 resamples", async () => {
  const site = await openSite();
  try {
    const page = await site.open();
    await serveTinyModel(page);
    const readings = await resampleOften(page, { count: 200, futures: 4, readings: 4 });
    for (const { resamples, counted, resident, workers } of readings) {
      const [c, r] = [counted, resident].map((bytes) => (bytes / 1e6).toFixed(1));
      console.log(`${resamples} resamples: ${c} MB counted, ${r} MB resident, ${workers} workers`);
    }
    expect(growth(readings, ({ counted }) => counted)).toBeLessThan(0.05);
    expect(new Set(readings.map(({ workers }) => workers)).size).toBe(1);
  } finally {
    await site.close();
  }
});
