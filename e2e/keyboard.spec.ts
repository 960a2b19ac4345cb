import { expect, type Page, test } from "@playwright/test";
import { StudioPage } from "./studio.ts";
import { serveTinyModel } from "./tiny-model.ts";

/** Everything can be done without a pointer, and nothing moves for those who do not want it. */

test.use({ actionTimeout: 60_000, viewport: { width: 1100, height: 760 } });

/** Presses Tab until the focus comes round; the controls that it never met, by their names. */
async function unreachable(page: Page): Promise<string[]> {
  const count = await page.evaluate(() => {
    // A dialog keeps the focus to itself.
    const scope = document.querySelector("dialog[open]") ?? document;
    const controls = scope.querySelectorAll<HTMLElement>(
      "button, input, select, textarea, a[href], summary, [tabindex='0']",
    );
    let marked = 0;
    for (const control of controls) {
      const isOff = control.matches(":disabled, [tabindex='-1'], [aria-hidden=true]");
      if (isOff || control.getClientRects().length === 0) continue;
      // One button of a group takes the focus; the arrows move within it.
      const other = control.matches("input[type=radio]:not(:checked)");
      if (other) continue;
      control.dataset.waiting = "";
      marked++;
    }
    return marked;
  });
  for (let presses = 0; presses < count + 10; presses++) {
    await page.keyboard.press("Tab");
    await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement | null;
      if (!focused || focused === document.body) return;
      const marks = [focused, focused.nextElementSibling, focused.closest("label")];
      const isSeen = marks.some((mark) => {
        const style = mark && getComputedStyle(mark);
        return style && (style.outlineStyle !== "none" || style.boxShadow !== "none");
      });
      if (isSeen) delete focused.dataset.waiting;
    });
  }
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-waiting]")].map((control) => {
      delete control.dataset.waiting;
      return control.getAttribute("aria-label") ?? control.textContent ?? control.outerHTML;
    }),
  );
}

test("from the gallery to an export by keys alone, the focus in sight", async ({ page }) => {
  await serveTinyModel(page);
  const studio = new StudioPage(page);
  await studio.visit();
  expect(await unreachable(page)).toEqual([]);
  await page.getByRole("button", { name: /^Crossing/ }).focus();
  await page.keyboard.press("Enter");
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });

  await page.getByRole("spinbutton", { name: "How many to sample" }).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("2");
  await expect(page.getByRole("spinbutton", { name: "How many to sample" })).toHaveValue("2");
  await studio.now.focus();
  await page.keyboard.press("ArrowLeft");
  expect(await studio.frameOf(studio.now)).toBe(55);
  await studio.forecast.focus();
  await page.keyboard.press("Enter");
  await expect(studio.status).toHaveText("Forecast ready", { timeout: 200_000 });
  expect(await unreachable(page)).toEqual([]);

  await page.getByRole("button", { name: "Keep seed 1" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("textbox", { name: /Picked points/ }).focus();
  await page.keyboard.type("8-13, 8-14");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: /Picked points/ })).toHaveValue("8-13, 8-14");
  await page.getByRole("radio", { name: "Overlay" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "Space-time" })).toBeChecked();
  // Pictures of the past may still be read: a button that is on now and off when its turn comes.
  await expect(studio.cancel).toBeDisabled();
  expect(await unreachable(page)).toEqual([]);

  await studio.export.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await unreachable(page)).toEqual([]);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).focus();
  await page.keyboard.press("Enter");
  expect((await download).suggestedFilename()).toContain("crossing");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  // The focus goes back to where it was.
  await expect(studio.export).toBeFocused();
  expect(studio.problems).toEqual([]);
});

test("with reduced motion nothing animates", async ({ page }) => {
  await serveTinyModel(page);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const studio = new StudioPage(page);
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.forecast.click();
  const moving = () =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState, effect }) => {
          const { duration } = effect?.getComputedTiming() ?? {};
          return playState === "running" && Number(duration) > 1;
        })
        .map((animation) => (animation as CSSAnimation).animationName ?? "transition"),
    );
  while ((await studio.status.textContent()) !== "Forecast ready") {
    expect(await moving()).toEqual([]);
    await page.waitForTimeout(200);
  }
  await page.getByRole("radio", { name: "Space-time" }).check();
  await page.getByRole("button", { name: "Top", exact: true }).click();
  expect(await moving()).toEqual([]);
});

test("after a click the keys are the stage's again, and Tab goes on from there", async ({
  page,
}) => {
  await serveTinyModel(page);
  const studio = new StudioPage(page);
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await studio.run(studio.forecast);
  const seeds = await studio.seeds();
  const at = await studio.frameOf(studio.playhead);
  // As on a busy page, whose timers come after the next key.
  await page.evaluate(() => {
    const later = window.setTimeout.bind(window);
    const slow = (run: () => void, millis = 0) => later(run, millis + 2000);
    window.setTimeout = slow as unknown as typeof window.setTimeout;
  });
  await page.getByRole("radio", { name: "Drag" }).click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => studio.frameOf(studio.playhead)).toBe(at + 2);
  await expect(page.getByRole("radio", { name: "Drag" })).toBeChecked();
  await studio.resample.click();
  await expect(studio.status).toHaveText("Forecast ready", { timeout: 200_000 });
  const fresh = await studio.seeds();
  expect(fresh).not.toEqual(seeds);
  await page.keyboard.press("Space");
  await expect(studio.play).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Space");
  await expect(studio.play).toHaveAttribute("aria-pressed", "false");
  expect(await studio.seeds()).toEqual(fresh);
  await page.keyboard.press("Tab");
  const goesOn = await studio.resample.evaluate((clicked) => {
    const focused = document.activeElement ?? document.body;
    const panel = clicked.closest("section");
    const follows = clicked.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING;
    return follows !== 0 && panel?.contains(focused);
  });
  expect(goesOn).toBe(true);
  // Who comes by keys keeps the focus and its keys.
  await page.getByRole("radio", { name: "Drag" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "Pin" })).toBeChecked();
  await expect(page.getByRole("radio", { name: "Pin" })).toBeFocused();
});

test("the edit that is pointed out is in sight, in the list and in the lane", async ({ page }) => {
  await serveTinyModel(page);
  const studio = new StudioPage(page);
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await studio.run(studio.forecast);
  for (let i = 0; i < 7; i++) await page.getByRole("button", { name: "Add pin" }).click();
  const side = page.getByRole("list", { name: "Edits", exact: true });
  const lane = page.getByRole("list", { name: "Edits in time" });
  /** Of the list's own window. */
  const inSight = (name: string) =>
    side.evaluate((list, wanted) => {
      const row = [...list.children].find((child) => child.textContent?.startsWith(wanted));
      if (!row) return false;
      const [outer, inner] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
      return inner.top >= outer.top - 1 && inner.top < outer.bottom - 20;
    }, name);
  await expect.poll(() => inSight("Pin 7")).toBe(true);
  expect(await inSight("Pin 1")).toBe(false);
  await expect(lane.getByRole("button", { name: /^Pin 7/ })).toBeInViewport();
  const [high, shown] = await page.evaluate(() => [
    document.documentElement.scrollHeight,
    innerHeight,
  ]);
  expect(high, "the panels scroll, the page does not").toBeLessThanOrEqual(shown);
  await lane.getByRole("button", { name: /^Pin 1,/ }).click();
  await expect.poll(() => inSight("Pin 1")).toBe(true);
});

test("a comma separates decimals in every number field, typed or pasted", async ({ page }) => {
  await serveTinyModel(page);
  const studio = new StudioPage(page);
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await studio.run(studio.forecast);
  await page.getByRole("button", { name: "Add drag" }).click();
  const right = page.getByRole("spinbutton", { name: "Right, Drag 1" });
  await right.press("Control+a");
  await page.keyboard.type("-12,5");
  await expect(right).toHaveValue("-12.5");
  await page.keyboard.press("Tab");
  await expect(right).toHaveValue("-12.5");
  await studio.export.click();
  const rate = page.getByRole("spinbutton", { name: "Frames a second" });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("23,976"));
  await rate.focus();
  await page.keyboard.press("Control+v");
  await expect(rate).toHaveValue("23.976");
});
