import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import { StudioPage } from "./studio.ts";

/** Futures of one picture, in the built studio. */
const ROOT = resolve(import.meta.dirname, "..");
const PACK = resolve(ROOT, "src/workers/inference/testdata/tiny-photo");

interface Saved {
  readonly packId: string;
  readonly history: { readonly tracksTN2: unknown[] };
  readonly futures: readonly {
    readonly latent: {
      readonly z: number[];
      readonly picture: string;
      readonly parents?: unknown[];
    };
    readonly tracksTN2: [number, number][][];
  }[];
}

test("a photo goes to the pack of one picture: modes, one opened, a slider, export, reload", async ({
  page,
}) => {
  const studio = new StudioPage(page);
  // A pack of a few kilobytes in the place of the one that ships.
  await page.context().route("**/packs/photo/*", async (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
    await route.fulfill({ body: readFileSync(join(PACK, name)) });
  });
  await studio.visit("tiny");

  // A clip goes back to the model that sees its past, a photo to that of one picture.
  const alone = page.getByRole("checkbox", { name: "From this picture alone" });
  await studio.openFile(resolve(ROOT, "public/samples/marbles.mp4"));
  await expect(alone).not.toBeChecked();
  await studio.openFile(resolve(ROOT, "public/samples/walker.jpg"));
  await expect(alone).toBeChecked();

  await page.getByRole("button", { name: "Show what can happen" }).click();
  const modes = page.getByRole("list", { name: "Modes" }).getByRole("listitem");
  await expect(modes).toHaveCount(2);
  await expect(modes.filter({ hasText: "to the left" })).toHaveCount(1);
  await expect(page.getByText("Nothing moves")).toBeVisible();
  const right = modes.filter({ hasText: "to the right" });
  await right.getByRole("button").first().click();
  const live = page.getByRole("region", { name: "Tried out" });
  await expect(live).toContainText("to the right");

  // The sliders of directions come a moment after that of variations.
  const slider = live.getByRole("slider", { name: "middle" }).first();
  await slider.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
  await expect(live).toContainText("changed");
  await live.getByRole("button", { name: "Keep it" }).click();
  await expect(studio.status).toHaveText("Forecast ready");
  await expect(studio.futures).toHaveCount(1);
  await page.screenshot({ path: test.info().outputPath("kept.png") });

  // On finer cells it is drawn, and written.
  const stage = page.locator("canvas").first();
  const coarse = await stage.screenshot();
  await page.getByLabel("Finer cells").selectOption("30 × 52");
  await expect.poll(async () => (await stage.screenshot()).equals(coarse)).toBe(false);
  const fine = await studio.save("ComfyUI · WanMove", async () => {
    await page.getByRole("dialog").getByLabel("Cells").selectOption("30 × 52");
  });
  const written = JSON.parse(fine.bytes.toString("utf8")) as unknown[][];
  expect(written).toHaveLength(30 * 52);
  expect(written[0]).toHaveLength(81);

  const { bytes } = await studio.save("Foretrack JSON");
  const saved = JSON.parse(bytes.toString("utf8")) as Saved;
  expect(saved.packId).toBe("tiny-photo");
  expect(saved.history.tracksTN2).toHaveLength(1);
  const [future] = saved.futures;
  expect(future.latent.z).toHaveLength(4);
  expect(future.latent.parents).toHaveLength(1);
  expect(future.latent.picture).toMatch(/^[0-9a-f]{64}$/);

  // It gives itself again after a reload, from the latent that the document keeps.
  await page.reload();
  await expect(studio.futures).toHaveCount(1);
  await studio.run(studio.forecast);
  const again = await studio.save("Foretrack JSON");
  const [same] = (JSON.parse(again.bytes.toString("utf8")) as Saved).futures;
  expect(same.latent).toEqual(future.latent);
  expect(same.tracksTN2).toEqual(future.tracksTN2);
  expect(studio.problems).toEqual([]);
});
