import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { MEDIA_DIR, makeMedia } from "./media/make.ts";
import { StudioPage } from "./studio.ts";
import { serveTinyModel } from "./tiny-model.ts";
import { pageProcesses } from "./torture/memory.ts";

/** A cancel answers at once at every stage, and the work behind it really ends. */

// Drawing in software is slow: a small stage leaves the processor to what is tested.
test.use({ actionTimeout: 60_000, viewport: { width: 1000, height: 640 } });

const ANSWER_MILLIS = 200;
/** Longer than the longest stretch between two looks for a cancel. */
const WIND_DOWN_MILLIS = 3000;
const WATCHED_SECS = 2;
/** The page itself goes on, drawn in software; a thread at work would take all of one. */
const IDLE_SHARE = 0.5;

/**
 * Presses Cancel the moment the page says `during`, however short that stage is (the status
 * is the first line); milliseconds from the press until the status says so.
 */
function cancelDuring(page: Page, during: RegExp): Promise<number> {
  return page.evaluate((pattern) => {
    const status = document.querySelector("[role=status]");
    if (!status) throw new Error("no status on the page");
    let pressed: number | null = null;
    return new Promise<number>((resolve) => {
      const look = () => {
        const said = `${status.textContent}\n${document.body.textContent}`;
        const cancel = [...document.querySelectorAll("button")].find(
          ({ textContent }) => textContent === "Cancel",
        );
        if (pressed === null && cancel && new RegExp(pattern, "m").test(said)) {
          pressed = performance.now();
          cancel.click();
        }
        if (pressed !== null && status.textContent === "Cancelled") {
          watch.disconnect();
          resolve(performance.now() - pressed);
        }
      };
      const watch = new MutationObserver(look);
      watch.observe(document.body, { characterData: true, childList: true, subtree: true });
      look();
    });
  }, during.source);
}

/** Seconds of processor time that the page with its workers has taken; null where not told. */
async function processorSecs(page: Page): Promise<number | null> {
  try {
    const secs = (await pageProcesses(page)).map((pid) => {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    });
    return secs.reduce((sum, own) => sum + own, 0);
  } catch {
    return null;
  }
}

async function expectIdle(page: Page): Promise<void> {
  await new Promise((done) => setTimeout(done, WIND_DOWN_MILLIS));
  const before = await processorSecs(page);
  await new Promise((done) => setTimeout(done, WATCHED_SECS * 1000));
  const after = await processorSecs(page);
  if (before === null || after === null) return;
  console.log(`processor: ${((100 * (after - before)) / WATCHED_SECS).toFixed(0)} %`);
  expect((after - before) / WATCHED_SECS).toBeLessThan(IDLE_SHARE);
}

test("a cancel answers within 200 ms at every stage and the threads go idle", async ({ page }) => {
  await makeMedia();
  // The model is made ready while the user looks for a clip: its files are held back from the start.
  let release: () => void = () => undefined;
  let slow: Promise<void> | null = new Promise((resolve) => {
    release = resolve;
  });
  await serveTinyModel(page);
  await page.route("**/packs/compact/*", async (route) => {
    await slow;
    await route.fallback();
  });
  const studio = new StudioPage(page);
  await studio.visit();
  const answers: Record<string, number> = {};
  /** Starts something, cancels it at a stage and waits for the threads to end. */
  const cancelAt = async (stage: string, during: RegExp, start: () => Promise<void>) => {
    const answer = cancelDuring(page, during);
    await start();
    answers[stage] = await answer;
    await expectIdle(page);
  };
  const forecast = () => studio.forecast.click();
  /** From a past that nothing has tracked ahead. */
  const forecastAnew = async () => {
    await studio.now.press("ArrowLeft");
    await studio.forecast.click();
  };

  // The first clip of a visit, by the slow way.
  await cancelAt("opening", /./, () => studio.open.setInputFiles(join(MEDIA_DIR, "mpeg4.avi")));
  await expect(page.getByText("Drop a video or photo here")).toBeVisible();

  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("12");
  await cancelAt("reading", /^Reading the past$/, forecastAnew);
  await cancelAt("tracking", /^Tracking the past$/, forecastAnew);
  await cancelAt("loading", /^Loading the model$/, forecast);
  release();
  slow = null;
  await page.getByRole("spinbutton", { name: "Solver steps" }).fill("100");
  await cancelAt("forecasting", /[1-9] of 12 futures/, forecast);
  const done = await studio.futures.count();
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(12);

  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await page.getByRole("spinbutton", { name: "Solver steps" }).fill("1");
  await cancelAt("truth", /Tracking what really happened/, forecast);
  console.log(
    Object.entries(answers)
      .map(([stage, millis]) => `${stage} ${millis.toFixed(0)} ms`)
      .join(", "),
  );
  for (const [stage, millis] of Object.entries(answers)) {
    expect.soft(millis, stage).toBeLessThan(ANSWER_MILLIS);
  }
  expect(studio.problems).toEqual([]);
});
