import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { freshProfile, ROOT, serveBuild } from "./browser.ts";
import { shortClips } from "./clip.ts";
import type { Section } from "./measure.ts";
import { chromiumMegabytes } from "./processes.ts";

const CLIPS = 30;
/** So many fill the caches that are kept between clips. */
const FIRST = 10;
const LIMIT = { timeout: 120_000 };

/** What is left in one tab after many clips were opened and forecast, one after the other. */
export const benchClips: Section = async (report, skip) => {
  const dist = join(ROOT, "dist");
  if (!existsSync(join(dist, "index.html"))) {
    skip("there is no build: npm run build");
    return;
  }
  const clips = await shortClips(CLIPS);
  const site = await serveBuild(dist);
  const context = await freshProfile();
  try {
    const page = await context.newPage();
    await page.goto(site.url);
    let early = { heap: 0, process: 0 };
    for (const [i, clip] of clips.entries()) {
      await forecast(page, clip);
      if (i + 1 === FIRST) early = await held(page);
    }
    const late = await held(page);
    const rows = [
      ["the page’s JavaScript heap", "heap"],
      ["the page’s process", "process"],
    ] as const;
    for (const [what, key] of rows) {
      const reference = { what: `after ${FIRST} clips`, value: early[key] };
      report({ what: `${what} after ${CLIPS} clips`, unit: "MB", value: late[key], reference });
    }
  } finally {
    await context.close();
    await site.close();
  }
};

async function forecast(page: Page, clip: string): Promise<void> {
  const status = page.getByRole("status", { name: "Status" });
  await page.getByLabel("Open clip").setInputFiles(clip);
  await status.filter({ hasText: "is open" }).waitFor(LIMIT);
  await page.getByLabel("How many to sample").fill("1");
  await page.getByRole("button", { name: "Forecast", exact: true }).click();
  await status.filter({ hasText: /^Forecast ready$/ }).waitFor(LIMIT);
}

/** MB once the garbage is collected. */
async function held(page: Page): Promise<{ heap: number; process: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  const heap = (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 1e6;
  return { heap, process: chromiumMegabytes("renderer") };
}
