import { expect, test } from "@playwright/test";
import { stagePlaces } from "./stage.ts";
import { StudioPage } from "./studio.ts";

/** Users say how the camera goes; what things do of themselves stays as it was sampled. */

test.use({ actionTimeout: 60_000 });

const FOLLOWED = "The futures follow the edits";

test("the camera orbits: pulled, its scene assumed, undone, kept over a reload, and exported", async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  const free = await savedCamera(studio);
  const rows = page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");
  await page.getByRole("img", { name: "Stage" }).hover();
  await page.keyboard.press("c");
  await expect(page.getByRole("radio", { name: "Camera" })).toBeChecked();
  await expect(page.getByLabel("Camera move")).toHaveValue("orbit");

  const place = await stagePlaces(page);
  const pull = async () => {
    await page.mouse.move(...place(416, 360));
    await page.mouse.down();
    await page.mouse.move(...place(350, 360), { steps: 4 });
    await page.mouse.move(...place(296, 360), { steps: 4 });
  };
  await pull();
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await expect(rows).toHaveCount(0);
  await pull();
  await page.screenshot({ path: info.outputPath("orbiting.png") });
  await page.mouse.up();
  await expect(rows).toHaveCount(1);
  await expect(studio.status).toHaveText(FOLLOWED);
  await expect(page.getByRole("spinbutton", { name: "Amount in degrees, Camera 1" })).toHaveValue(
    /^(19|20)(\.\d+)?$/,
  );
  const orbited = await savedCamera(studio);
  expect(orbited.edits[0]).toMatchObject({ kind: "camera", move: "orbit" });
  // The pivot stays, what is farther goes right and what is nearer left, in every future.
  for (const [k, tracks] of orbited.last.entries()) {
    expect(tracks[3 * 26 + 13][0] - free.last[k][3 * 26 + 13][0]).toBeGreaterThan(10);
    expect(tracks[14 * 26 + 13][0] - free.last[k][14 * 26 + 13][0]).toBeLessThan(-5);
  }

  const ratio = page.getByRole("slider", { name: "Depth ratio, Camera 1" });
  await ratio.press("ArrowRight");
  await expect(studio.status).toHaveText(FOLLOWED);
  await expect(page.getByText("made with other edits")).toHaveCount(0);
  await page.screenshot({ path: info.outputPath("orbited.png") });
  await page.keyboard.press("Control+z");
  expect(await savedCamera(studio)).toEqual(orbited);
  await page.keyboard.press("Control+z");
  await expect(rows).toHaveCount(0);
  await page.keyboard.press("Control+Shift+z");
  await expect(rows).toHaveCount(1);

  await expect(page.getByText("Saved in this browser")).toBeVisible();
  await page.reload();
  await expect(studio.status).toContainText("is back as you left it");
  expect(await savedCamera(studio)).toEqual(orbited);
});

/** Edits, and where each point of each future is in the last frame. */
async function savedCamera(studio: StudioPage) {
  const text = (await studio.save("Foretrack JSON")).bytes.toString();
  const { edits = [], futures } = JSON.parse(text) as {
    readonly edits?: readonly unknown[];
    readonly futures: readonly { readonly tracksTN2: readonly (readonly [number, number][])[] }[];
  };
  return { edits, last: futures.map(({ tracksTN2 }) => tracksTN2[tracksTN2.length - 1]) };
}
