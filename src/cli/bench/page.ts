import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { openBuild, ROOT } from "./browser.ts";
import { benchClip } from "./clip.ts";
import { type Cost, medianCost, reportCost, type Section, stopwatch } from "./measure.ts";

const FUTURES = 8;
const REPEATS = 2;
const LIMIT = { timeout: 600_000 };

interface Waits {
  readonly open: Cost;
  readonly first: Cost;
  readonly all: Cost;
  /** A fresh seed for one of the futures. */
  readonly one: Cost;
}

/**
 * What a visitor waits for, from the drop of six seconds of 720p, when Forecast is pressed as soon as
 * it can be: cold in a fresh browser profile, warm after a reload of the same one.
 */
export const benchPage: Section = async (report, skip) => {
  if (!existsSync(join(ROOT, "dist/index.html"))) {
    skip("there is no build: npm run build");
    return;
  }
  const clip = await benchClip();
  const site = await openBuild();
  const colds: Waits[] = [];
  const warms: Waits[] = [];
  try {
    for (let i = 0; i < REPEATS; i++) {
      // Without the service worker, whose downloads in the background are not part of the wait.
      const context = await site.browser.newContext({ serviceWorkers: "block" });
      const page = await context.newPage();
      colds.push(await visit(page, site.url, clip));
      warms.push(await visit(page, site.url, clip));
      await context.close();
    }
  } finally {
    await site.close();
  }
  const rows = [
    ["drop → clip on the timeline", "open"],
    ["drop → first future", "first"],
    [`drop → ${FUTURES} futures`, "all"],
    ["a new seed for one future", "one"],
  ] as const;
  for (const [what, key] of rows) {
    const cold = medianCost(colds.map((waits) => waits[key]));
    reportCost(report, cold, { what: `${what}, cold` });
    reportCost(report, medianCost(warms.map((waits) => waits[key])), {
      what: `${what}, warm`,
      reference: { what: "cold", cost: cold },
    });
  }
};

async function visit(page: Page, url: string, clip: string): Promise<Waits> {
  await page.goto("about:blank");
  await page.goto(url);
  const futures = page.getByRole("list", { name: "Futures" }).getByRole("button", {
    name: /^Future/,
  });
  const status = page.getByRole("status", { name: "Status" });
  const input = page.getByLabel("Open clip");
  await input.waitFor({ state: "attached" });
  const since = stopwatch();
  await input.setInputFiles(clip);
  await status.filter({ hasText: "is open" }).waitFor(LIMIT);
  const open = since();
  await page.getByRole("button", { name: "Forecast" }).click();
  await futures.first().waitFor(LIMIT);
  const first = since();
  await status.filter({ hasText: /^Forecast ready$/ }).waitFor(LIMIT);
  const all = since();
  const before = (await futures.first().textContent()) ?? "";
  const sinceAsked = stopwatch();
  await page.getByRole("button", { name: "New seed for number 1" }).click();
  await futures.first().filter({ hasNotText: before }).waitFor(LIMIT);
  await status.filter({ hasText: /^Forecast ready$/ }).waitFor(LIMIT);
  return { open, first, all, one: sinceAsked() };
}
