import type { Locator, Page } from "playwright";
import { type Cost, stopwatch } from "./measure.ts";
import { chromiumMillis, chromiumPeakMegabytes } from "./processes.ts";

export const FUTURES = 8;
const LIMIT = { timeout: 600_000 };
/** How long somebody looks at what came, before "now" moves. */
const LOOK_MILLIS = 3000;
/** So many working frames after the first "now". */
const MOVE_FRAMES = 40;

/** What one visitor waited for. */
export interface Visit {
  readonly open: Cost;
  readonly first: Cost;
  readonly all: Cost;
  /** A fresh seed for one of the futures. */
  readonly one: Cost;
  /** From a new "now" on the open clip to its first future. */
  readonly moved: Cost;
  /** Processor time of the graphics process until the first future. */
  readonly graphicsMillis: number;
  /** The most that a process of the page has held, MB. */
  readonly peakMegabytes: number;
}

/**
 * Opens the studio in `page`, drops `clip` after a look at the page, presses Forecast as soon as it can be,
 * and goes on from there.
 */
export async function visit(
  page: Page,
  url: string,
  { clip, lookMillis }: { readonly clip: string; readonly lookMillis: number },
): Promise<Visit> {
  await page.goto("about:blank");
  await page.goto(url);
  const status = page.getByRole("status", { name: "Status" });
  const futures = page
    .getByRole("list", { name: "Futures" })
    .getByRole("button", { name: /^Future/ });
  const input = page.getByLabel("Open clip");
  await input.waitFor({ state: "attached" });
  await page.waitForTimeout(lookMillis);
  const drawnBefore = chromiumMillis("gpu-process");
  const since = stopwatch();
  await input.setInputFiles(clip);
  await status.filter({ hasText: "is open" }).waitFor(LIMIT);
  const open = since();
  await page.getByRole("button", { name: "Forecast" }).click();
  await futures.first().waitFor(LIMIT);
  const first = since();
  const graphicsMillis = chromiumMillis("gpu-process") - drawnBefore;
  await untilReady(status);
  const all = since();
  const one = await anotherSeed(page, status, futures.first());
  const moved = await anotherNow(page, status);
  return { open, first, all, one, moved, graphicsMillis, peakMegabytes: peak() };
}

function peak(): number {
  return chromiumPeakMegabytes("renderer");
}

async function untilReady(status: Locator): Promise<void> {
  await status.filter({ hasText: /^Forecast ready$/ }).waitFor(LIMIT);
}

async function anotherSeed(page: Page, status: Locator, future: Locator): Promise<Cost> {
  const before = (await future.textContent()) ?? "";
  const since = stopwatch();
  await page.getByRole("button", { name: "New seed for number 1" }).click();
  await future.filter({ hasNotText: before }).waitFor(LIMIT);
  await untilReady(status);
  return since();
}

async function anotherNow(page: Page, status: Locator): Promise<Cost> {
  await page.getByLabel("How many to sample").fill("1");
  await page.waitForTimeout(LOOK_MILLIS);
  const now = page.getByRole("slider", { name: "Now" });
  const frame = Number(await now.inputValue()) + MOVE_FRAMES;
  const since = stopwatch();
  await now.fill(String(frame));
  await page.getByRole("button", { name: "Forecast", exact: true }).click();
  await status.filter({ hasNotText: /^Forecast ready$/ }).waitFor(LIMIT);
  await untilReady(status);
  return since();
}
