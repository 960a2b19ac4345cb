import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { StudioPage } from "./studio.ts";

const sample = (name: string) =>
  fileURLToPath(new URL(`../public/samples/${name}.mp4`, import.meta.url));

test.use({ actionTimeout: 60_000 });

test("a clip in space: relief where the camera moves, unknown where it only stands", async ({
  page,
}) => {
  const studio = new StudioPage(page);
  const network: string[] = [];
  page.context().on("requestfinished", (request) => {
    if (request.url().endsWith("/packs/field/tell.onnx")) network.push(request.url());
  });
  await studio.visit("tiny");
  const panel = page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "Relief" }) });

  await test.step("the camera goes along with a walker: layers at their depths", async () => {
    await studio.openFile(sample("walker"));
    await page.getByRole("radio", { name: "Space", exact: true }).check({ force: true });
    expect(network).toEqual([]);
    await panel.getByRole("button", { name: "Find relief" }).click();
    await expect(panel.getByRole("status")).toContainText("still", { timeout: 300_000 });
    expect(network, "the depth network is loaded once, when a relief is asked for").toHaveLength(1);
    await expect(page.getByRole("img", { name: "Space view" })).toBeVisible();
  });

  await test.step("scrubbing and freezing change what is drawn", async () => {
    const view = page.getByRole("img", { name: "Space view" });
    const at = async () => (await view.screenshot()).toString("base64");
    const before = await at();
    await studio.playhead.focus();
    await page.keyboard.press("End");
    await expect.poll(at).not.toBe(before);
    await panel.getByRole("checkbox", { name: "Freeze" }).check();
    await expect(panel.getByRole("checkbox", { name: "Freeze" })).toBeChecked();
  });

  await test.step("a click tells a point's depth", async () => {
    await page.getByRole("button", { name: "From the clip’s camera at “now”" }).click();
    const box = await page.getByRole("img", { name: "Space view" }).boundingBox();
    if (!box) throw new Error("no view");
    const tip = page.getByText(/depth \d/).first();
    for (const share of [0.7, 0.75, 0.8, 0.85]) {
      await page.mouse.click(box.x + box.width * 0.55, box.y + box.height * share);
      if (await tip.isVisible()) break;
    }
    await expect(tip).toBeVisible();
  });

  await test.step("a camera that stands tells no depth, and why", async () => {
    await studio.openFile(sample("crossing"));
    await panel.getByRole("button", { name: "Find relief" }).click();
    await expect(panel.getByRole("status")).toContainText("Unknown", { timeout: 300_000 });
    await expect(page.getByText("No depth is known")).toBeVisible();
  });
  expect(studio.problems).toEqual([]);
});
