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
