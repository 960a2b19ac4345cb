import type { Page } from "playwright";
import { openHarness } from "./browser.ts";
import { type Cost, costOf, reportCost, type Section } from "./measure.ts";

const FRAMES = 10;
const COUNTS = [1, 8, 32] as const;

/** Milliseconds from a moved playhead to the drawn pixels, 1280×720, by the count of futures. */
export const benchRender: Section = async (report, skip) => {
  const site = await openHarness();
  try {
    const page = await site.browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(new URL("e2e/harness/viewport.html", site.url).href);
    await page.waitForFunction(() => "viewportHarness" in window);
    const renderer = await page.evaluate(() => {
      const gl = document.createElement("canvas").getContext("webgl2");
      const info = gl?.getExtension("WEBGL_debug_renderer_info");
      return info ? String(gl?.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "unknown";
    });
    for (const mode of ["overlay", "volume"] as const) {
      let one: Cost | undefined;
      for (const count of COUNTS) {
        const cost = await costOfFrame(page, mode, count);
        one ??= cost;
        reportCost(report, cost, {
          what: `${mode}, ${count} ${count === 1 ? "future" : "futures"}: a scrubbed frame`,
          ...(count > 1 ? { reference: { what: "one future", cost: one } } : {}),
        });
      }
    }
    skip(`drawn by ${renderer}`);
  } finally {
    await site.close();
  }
};

async function costOfFrame(page: Page, mode: "overlay" | "volume", count: number): Promise<Cost> {
  await page.evaluate(
    ([shown, futures]) => {
      const { view, sceneData, timeFrames } = window.viewportHarness;
      view.setOptions({ space: shown === "volume" ? "space-time" : "picture" });
      view.setData(sceneData(futures));
      timeFrames(2);
    },
    [mode, count] as const,
  );
  const { wallMillis, cpuMillis } = await costOf(() =>
    page.evaluate((frames) => window.viewportHarness.timeFrames(frames), FRAMES),
  );
  return { wallMillis: wallMillis / FRAMES, cpuMillis: cpuMillis / FRAMES };
}
