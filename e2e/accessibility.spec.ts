import { expect, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { StudioPage } from "./studio.ts";
import { tapvidUnit } from "./tracks-files.ts";

// The page's content policy refuses the script that the check injects. A colour on its way from
// disabled to enabled is none that anybody reads.
test.use({ bypassCSP: true, contextOptions: { reducedMotion: "reduce" } });

test("empty state, studio and dialogs break no rule of WCAG 2.2 AA", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  expect(await violations(page)).toEqual([]);
  await studio.export.click();
  await expect(page.getByRole("dialog", { name: "Save for another tool" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Keyboard keys" }).click();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Model", exact: true }).click();
  const models = page.getByRole("dialog", { name: "Model" });
  expect(await violations(page)).toEqual([]);
  await models.getByLabel("Address of a pack").fill("packs/none");
  await models.getByRole("button", { name: "Check" }).click();
  await expect(models.getByRole("alert")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await studio.open.setInputFiles(tapvidUnit());
  const tracks = page.getByRole("dialog", { name: "Import tracks" });
  await expect(tracks.getByRole("button", { name: "Use these tracks" })).toBeEnabled();
  await tracks.getByText("Why it is proposed this way").click();
  expect(await violations(page)).toEqual([]);
});
