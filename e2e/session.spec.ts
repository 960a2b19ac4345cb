import { expect, type Page, test } from "@playwright/test";
import { StudioPage } from "./studio.ts";

test.use({ actionTimeout: 60_000 });

/** A reload, or a visit after a crash, finds the work where it was left. */

async function forecastOfTwo(page: Page): Promise<StudioPage> {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  await expect(page.getByText(/^minADE2/)).toBeVisible({ timeout: 60_000 });
  return studio;
}

/** Saved, so that a reload asks nothing before it leaves. */
async function kept(page: Page): Promise<void> {
  await expect(page.getByText("Saved in this browser")).toBeVisible();
  await expect
    .poll(() =>
      page.evaluate(() => {
        const leaving = new Event("beforeunload", { cancelable: true });
        window.dispatchEvent(leaving);
        return leaving.defaultPrevented;
      }),
    )
    .toBe(false);
}

test("a reload brings clip, now, seeds, locks, futures, selection and view back", async ({
  page,
}, info) => {
  const studio = await forecastOfTwo(page);
  await page.getByRole("button", { name: "Keep seed 2" }).click();
  await studio.run(studio.resample);
  expect(await studio.seeds()).toEqual([3, 2]);
  await studio.now.fill("40");
  await page.getByRole("radio", { name: "Space-time" }).check();
  await studio.playhead.fill("70");
  const before = await studio.save("Foretrack JSON");
  await kept(page);

  await page.reload();
  await expect(studio.status).toContainText("is back as you left it");
  expect(await studio.seeds()).toEqual([3, 2]);
  expect(await studio.frameOf(studio.now)).toBe(40);
  expect(await studio.frameOf(studio.playhead)).toBe(70);
  await expect(page.getByRole("radio", { name: "Space-time" })).toBeChecked();
  await expect(page.getByRole("button", { name: "Keep seed 2" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(page.getByText(/^minADE2/)).toBeVisible();
  const after = await studio.save("Foretrack JSON");
  expect(after.bytes.equals(before.bytes)).toBe(true);
  await page.screenshot({ path: info.outputPath("restored.png") });

  // The steps before the reload can be undone, and the clip can be read: it is tracked anew.
  await page.keyboard.press("Control+z");
  expect(await studio.frameOf(studio.now)).toBe(56);
  await page.keyboard.press("Control+z");
  expect(await studio.seeds()).toEqual([1, 2]);
  await page.keyboard.press("Control+Shift+z");
  await studio.run(studio.resample);
  expect(await studio.seeds()).toEqual([4, 2]);
  expect(studio.problems).toEqual([]);
});

test("working rate and frame come back with the clip", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Marbles/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("radio", { name: "Native" }).click();
  await expect(page.getByText(/frames at 24 fps/)).toBeVisible();
  await page.getByRole("radio", { name: "Letterbox" }).click();
  await expect(studio.status).toContainText("is open");
  await kept(page);
  await page.reload();
  await expect(page.getByText(/frames at 24 fps/)).toBeVisible();
  await expect(page.getByRole("radio", { name: "Letterbox" })).toBeChecked();
  await expect(page.getByRole("radio", { name: "Native" })).toBeChecked();
  expect(studio.problems).toEqual([]);
});

test("starting fresh forgets the session", async ({ page }) => {
  const studio = await forecastOfTwo(page);
  await kept(page);
  await page.getByRole("button", { name: "Start fresh" }).click();
  const dialog = page.getByRole("dialog", { name: "Start fresh?" });
  await dialog.getByRole("button", { name: "Keep working" }).click();
  await expect(studio.futures).toHaveCount(2);
  await page.getByRole("button", { name: "Start fresh" }).click();
  await dialog.getByRole("button", { name: "Forget and start fresh" }).click();
  await expect(page.getByText("Drop a video or photo here")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Drop a video or photo here")).toBeVisible();
  expect(studio.problems).toEqual([]);
});

test("a tab that crashed finds its session; a session that crashes the page does not trap", async ({
  page,
}) => {
  await forecastOfTwo(page);
  await kept(page);
  const context = page.context();
  await page.goto("chrome://crash").catch(() => undefined);
  const again = new StudioPage(await context.newPage());
  await again.visit("tiny");
  await expect(again.status).toContainText("is back as you left it");
  await expect(again.futures).toHaveCount(2);
  // As after a visit that ended while it was still restoring.
  await again.page.evaluate(() => localStorage.setItem("foretrack-session-trial", "1"));
  await again.page.evaluate(() => {
    window.addEventListener("pagehide", () => localStorage.setItem("foretrack-session-trial", "1"));
  });
  await again.page.reload();
  await expect(again.page.getByText("closed unexpectedly")).toBeVisible();
  await expect(again.page.getByText("Drop a video or photo here")).toBeVisible();
  await again.page.reload();
  await expect(again.futures).toHaveCount(2);
});

test("a second tab works beside the first and leaves its session alone", async ({ page }) => {
  await forecastOfTwo(page);
  await kept(page);
  const other = new StudioPage(await page.context().newPage());
  await other.visit("tiny");
  await expect(other.page.getByText("Drop a video or photo here")).toBeVisible();
  await other.page.getByRole("button", { name: /^Marbles/ }).click();
  await expect(other.status).toContainText("is open", { timeout: 60_000 });
  await other.page.close();
  await page.reload();
  await expect(new StudioPage(page).futures).toHaveCount(2);
});

test("a tab opened just before the other one is reloaded does not take its session", async ({
  page,
}) => {
  await forecastOfTwo(page);
  await kept(page);
  const other = new StudioPage(await page.context().newPage());
  await other.visit("tiny");
  await page.reload();
  await expect(new StudioPage(page).futures).toHaveCount(2);
  await expect(other.page.getByText("Drop a video or photo here")).toBeVisible();
});

test("a duplicated tab leaves the session to the first, at once and though that is reloaded", async ({
  page,
}) => {
  await forecastOfTwo(page);
  const opened = page.waitForEvent("popup");
  await page.evaluate(() => void window.open(location.href));
  const other = await opened;
  const copied = () => other.evaluate(() => sessionStorage.getItem("foretrack-session-is-here"));
  await expect.poll(copied).toBeNull();
  await kept(page);
  await page.reload();
  await expect(new StudioPage(page).futures).toHaveCount(2);
  await expect(other.getByText("Drop a video or photo here")).toBeVisible();
});

test("a forecast is kept when the page is left the moment it is ready", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  for (let round = 0; round < 3; round++) {
    await studio.open.setInputFiles(await heavyClip(page, `heavy-${round}.mp4`));
    await expect(studio.status).toContainText("is open", { timeout: 60_000 });
    // In the page itself: a driver would come too late.
    const left = page.waitForEvent("load", { timeout: 120_000 });
    await page.evaluate(() => {
      const status = document.querySelector('[role="status"]');
      const look = () => status?.textContent === "Forecast ready" && location.reload();
      new MutationObserver(look).observe(document.body, {
        childList: true,
        subtree: true,
        characterData: true,
      });
    });
    await studio.forecast.click();
    await left;
    await expect(studio.status).toContainText("is back as you left it");
    await expect(studio.futures).toHaveCount(8);
  }
});

/** A clip of 40 MB: after the real one comes a box that players skip. */
async function heavyClip(page: Page, name = "heavy.mp4") {
  const clip = await (await page.request.get("samples/walker.mp4")).body();
  const skipped = Buffer.alloc(40e6);
  skipped.writeUInt32BE(skipped.length);
  skipped.write("free", 4, "latin1");
  return { name, mimeType: "video/mp4", buffer: Buffer.concat([clip, skipped]) };
}

test("a clip beyond the browser's quota is told, and everything else comes back", async ({
  page,
}) => {
  const devtools = await page.context().newCDPSession(page);
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  const origin = new URL(page.url()).origin;
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 30e6 });
  const clip = await heavyClip(page);
  await studio.open.setInputFiles(clip);
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await expect(page.getByText("does not fit into the browser’s storage")).toBeVisible();
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  // No run hides what a reload will lack.
  const storage = page.getByRole("region", { name: "Storage" });
  await expect(storage).toContainText("does not fit into the browser’s storage");
  await storage.getByRole("button", { name: "Got it" }).click();
  await expect(storage).toHaveCount(0);
  await kept(page);
  await page.reload();
  await expect(page.getByText("was not kept with your session")).toBeVisible();
  await expect(studio.futures).toHaveCount(2);
  // The same file again finds its place instead of starting over.
  await studio.open.setInputFiles(clip);
  await expect(studio.status).toContainText("is open again");
  await expect(studio.futures).toHaveCount(2);
  await expect(page.locator("[data-picture]")).toBeVisible();
});
