import type { Page } from "playwright";
import { type Cost, stopwatch } from "./measure.ts";
import { chromiumMillis, chromiumPeakMegabytes } from "./processes.ts";

export const FUTURES = 8;
const LIMIT_MILLIS = 600_000;
const STATUS = '[role="status"][aria-label="Status"]';
/** The name of the first future, once no new seed is on its way. */
const FUTURE =
  'ul[aria-label="Futures"] > li:first-child > button:not(:has([data-pending="true"]))';
const HOW_MANY = "How many to sample";
const READY = "Forecast ready";
/** How long somebody looks at what came, before "now" moves. */
const LOOK_MILLIS = 3000;
/** Until the page has saved what was set. */
const SAVE_MILLIS = 2000;
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
  const input = page.getByLabel("Open clip");
  await input.waitFor({ state: "attached" });
  await page.waitForTimeout(lookMillis);
  const drawnBefore = chromiumMillis("gpu-process");
  const since = stopwatch();
  await input.setInputFiles(clip);
  await shown(page, STATUS, "is open");
  const open = since();
  await page.getByRole("button", { name: "Forecast" }).click();
  await shown(page, FUTURE, "Future");
  const first = since();
  const graphicsMillis = chromiumMillis("gpu-process") - drawnBefore;
  await shown(page, STATUS, READY);
  const all = since();
  const one = await anotherSeed(page);
  const moved = await anotherNow(page);
  // The next visit finds what this one leaves.
  await page.getByLabel(HOW_MANY).fill(String(FUTURES));
  await page.waitForTimeout(SAVE_MILLIS);
  return { open, first, all, one, moved, graphicsMillis, peakMegabytes: peak() };
}

function peak(): number {
  return chromiumPeakMegabytes("renderer");
}

async function anotherSeed(page: Page): Promise<Cost> {
  const before = (await page.locator(FUTURE).textContent()) ?? "";
  const since = stopwatch();
  await page.getByRole("button", { name: "New seed for number 1" }).click();
  await shown(page, FUTURE, before, { without: true });
  await shown(page, STATUS, READY);
  return since();
}

async function anotherNow(page: Page): Promise<Cost> {
  await page.getByLabel(HOW_MANY).fill("1");
  await page.waitForTimeout(LOOK_MILLIS);
  const now = page.getByRole("slider", { name: "Now" });
  const frame = Number(await now.inputValue()) + MOVE_FRAMES;
  const since = stopwatch();
  await now.fill(String(frame));
  await page.getByRole("button", { name: "Forecast", exact: true }).click();
  await shown(page, STATUS, READY, { without: true });
  await shown(page, STATUS, READY);
  return since();
}

/**
 * Until the element of `selector` has a text with `part` in it, or one `without` it, and has been painted. The
 * page tells it by itself: Playwright's own waits look every half second once they have looked five times.
 */
async function shown(
  page: Page,
  selector: string,
  part: string,
  { without = false } = {},
): Promise<void> {
  const wanted = { selector, part, without, limitMillis: LIMIT_MILLIS };
  await page.evaluate(`(${PAINTED})(${JSON.stringify(wanted)})`);
}

/** Runs in the page; source text, since what a compiler adds to a function is not known there. */
const PAINTED = `({ selector, part, without, limitMillis }) => new Promise((done, fail) => {
  const look = () => {
    const element = document.querySelector(selector);
    if (!element || element.textContent.includes(part) === without) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(done));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  setTimeout(() => fail(new Error(selector + " has not come to say: " + part)), limitMillis);
  look();
})`;
