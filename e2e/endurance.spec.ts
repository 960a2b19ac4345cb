import { expect, test } from "@playwright/test";
import { serveTinyModel } from "./tiny-model.ts";
import { growth, resampleOften } from "./torture/resample.ts";
import { openSite } from "./torture/site.ts";

/** `npm run endurance` takes 200: minutes where no other work slows it. */
const RESAMPLES = 30;

test("memory stays flat over many resamples", async () => {
  test.setTimeout(1_200_000);
  const site = await openSite();
  try {
    const page = await site.open();
    await serveTinyModel(page);
    const readings = await resampleOften(page, { count: RESAMPLES, futures: 8, readings: 2 });
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
