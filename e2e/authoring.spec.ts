import { expect, test } from "@playwright/test";
import { violations } from "./axe.ts";
import { stagePlaces } from "./stage.ts";
import { StudioPage } from "./studio.ts";
import { tapvidUnit } from "./tracks-files.ts";

/** Every way to author an edit beside pins and drags, by pointer and by keyboard, there and back. */

test.use({ actionTimeout: 60_000, bypassCSP: true, contextOptions: { reducedMotion: "reduce" } });

test("take, magnify, transfer, body, wish and camera: each a row, the panels accessible, all undone and redone", async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  const rows = page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");
  const tool = (name: string) => page.getByRole("radio", { name, exact: true }).check();
  const place = await stagePlaces(page);
  const box = async (from: readonly [number, number], to: readonly [number, number]) => {
    await page.mouse.move(...place(...from));
    await page.mouse.down();
    await page.mouse.move(...place(...to), { steps: 4 });
    await page.mouse.up();
  };

  await page.getByRole("textbox", { name: /Picked points/ }).fill("8-13");
  await page.getByRole("textbox", { name: /Picked points/ }).press("Enter");
  await page.getByRole("button", { name: "Use this motion" }).click();
  await expect(rows).toHaveCount(1);
  await tool("Magnify");
  await box([300, 160], [420, 260]);
  await expect(rows).toHaveCount(2);
  await tool("Transfer");
  const transfer = page.getByRole("group", { name: "Transfer", exact: true });
  await box([500, 100], [700, 300]);
  const choose = async (button: string) => {
    const chooser = page.waitForEvent("filechooser");
    await transfer.getByRole("button", { name: button }).click();
    await (await chooser).setFiles(tapvidUnit());
  };
  await choose("Match points");
  await transfer.getByRole("button", { name: /^Source, / }).click({ position: { x: 24, y: 24 } });
  expect(await violations(page)).toEqual([]);
  await transfer.getByRole("button", { name: "Cancel" }).click();
  await choose("Lay over the box");
  await expect(rows).toHaveCount(3);
  await tool("Wish");
  await box([100, 100], [260, 300]);
  await expect(rows).toHaveCount(4);
  await expect(page.getByText(/futures were drawn for what is wished, 2 kept/)).toBeVisible();

  // By keyboard alone: a drag, a body that turns and a camera, in numbers.
  for (const name of ["Add drag", "Add body", "Add camera"]) {
    await page.getByRole("button", { name }).press("Enter");
  }
  await expect(rows).toHaveCount(7);
  await page.getByRole("spinbutton", { name: "Turn right, Ball 1" }).press("ArrowUp");
  await page.getByRole("spinbutton", { name: "Right, Drag 1" }).press("ArrowUp");
  await studio.forecast.press("Enter");
  await expect(studio.status).toHaveText("Forecast ready");
  await page.screenshot({ path: info.outputPath("all-kinds.png"), fullPage: true });
  expect(await violations(page)).toEqual([]);

  const undo = page.getByRole("button", { name: "Undo", exact: true });
  const redo = page.getByRole("button", { name: "Redo", exact: true });
  const seeds = async () => (await studio.save("Foretrack JSON")).bytes.toString();
  const made = await seeds();
  let steps = 0;
  for (; (await rows.count()) > 0 && steps < 40; steps++) await undo.click();
  await expect(rows).toHaveCount(0);
  for (let k = 0; k < steps; k++) await redo.click();
  await expect(rows).toHaveCount(7);
  const { edits, futures } = JSON.parse(made);
  const again = JSON.parse(await seeds());
  expect(again.edits).toEqual(edits);
  expect(again.futures).toEqual(futures);
});
