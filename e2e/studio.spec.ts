import { writeFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { StudioPage } from "./studio.ts";

interface Saved {
  readonly schema: string;
  readonly nowSecs: number;
  readonly futures: readonly { readonly seed: number; readonly tracksTN2: unknown[] }[];
}

test("a sample from the gallery to a file and back", async ({ page }, info) => {
  const uploads: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") uploads.push(`${request.method()} ${request.url()}`);
  });
  const studio = new StudioPage(page);
  await studio.visit();
  await expect(page.getByText("nothing is uploaded").first()).toBeVisible();
  await page.getByRole("button", { name: /^Marbles/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await expect(studio.now).toHaveAttribute("aria-valuetext", "frame 56 of 112");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);

  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(8);
  expect(await studio.frameOf(studio.playhead)).toBe(56);

  await studio.playhead.fill("70");
  expect(await studio.frameOf(studio.playhead)).toBe(70);
  await studio.playhead.press("ArrowRight");
  expect(await studio.frameOf(studio.playhead)).toBe(71);
  await expect(studio.playhead).toHaveAttribute("aria-valuetext", "frame 71 of 137");

  expect(await studio.seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await page.getByRole("button", { name: "Keep seed 3" }).click();
  await studio.run(studio.resample);
  expect(await studio.seeds()).toEqual([9, 10, 3, 11, 12, 13, 14, 15]);

  // The clip goes on after "now", so every future is measured against it.
  await expect(page.getByText(/^minADE8/)).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: info.outputPath("forecast.png") });

  const json = await studio.save("Foretrack JSON");
  expect(json.name).toBe("marbles-forecast.json");
  const saved = JSON.parse(json.bytes.toString()) as Saved;
  expect(saved.futures).toHaveLength(8);
  expect(saved.futures[0].tracksTN2).toHaveLength(81);
  const comfy = await studio.save("ComfyUI · WanMove");
  expect(comfy.bytes.length).toBeGreaterThan(1000);
  const now = await studio.save("“Now” frame");
  expect(now.bytes.subarray(1, 4).toString()).toBe("PNG");
  const view = await studio.save("This view");
  expect(view.bytes.subarray(1, 4).toString()).toBe("PNG");
  await page.getByRole("radio", { name: "Side by side" }).check({ force: true });
  const tiles = await studio.save("This view");
  await writeFile(info.outputPath("side-by-side.png"), tiles.bytes);
  expect(await namesIn(page, tiles.bytes)).toBe(8);
  await page.getByRole("radio", { name: "Overlay" }).check({ force: true });

  const path = info.outputPath("forecast.json");
  await writeFile(path, json.bytes);
  await studio.open.setInputFiles(path);
  await expect(studio.status).toContainText("is restored, 8 futures");
  await expect(studio.futures).toHaveCount(8);
  await page.keyboard.press("Control+z");
  await expect(studio.now).toHaveAttribute("aria-valuetext", "frame 56 of 112");
  expect(await studio.seeds()).toEqual([9, 10, 3, 11, 12, 13, 14, 15]);
  expect(uploads).toEqual([]);
  expect(studio.problems).toEqual([]);
});

/** How many of the futures' names on the stage stand in a saved picture of it, by their colour. */
function namesIn(page: Page, png: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    const stage = document.querySelector("canvas[aria-label=Stage]");
    if (!context || !stage) throw new Error("no stage");
    context.drawImage(picture, 0, 0);
    const { left, top, width } = stage.getBoundingClientRect();
    const ratio = picture.width / width;
    return [...document.querySelectorAll("[class*=tileLabel]")].filter((label) => {
      const box = label.getBoundingClientRect();
      const x = Math.round((box.left + box.width / 2 - left) * ratio);
      const y = Math.round((box.bottom - 1.5 - top) * ratio);
      const shown = context.getImageData(x, y, 1, 1).data;
      const wanted = getComputedStyle(label).borderBottomColor.match(/\d+/g)?.map(Number) ?? [];
      return [0, 1, 2].every((i) => Math.abs(shown[i] - wanted[i]) < 40);
    }).length;
  }, png.toString("base64"));
}

test("keys move, play, solo and undo, and stay out of text fields", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(2);
  await page.keyboard.press("n");
  expect(await studio.frameOf(studio.playhead)).toBe(56);
  await page.keyboard.press(".");
  await page.keyboard.press("Shift+ArrowRight");
  expect(await studio.frameOf(studio.playhead)).toBe(67);
  await page.keyboard.press("Home");
  expect(await studio.frameOf(studio.playhead)).toBe(1);
  await page.keyboard.press("2");
  await expect(page.getByRole("button", { name: "Future 2 seed 2" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await page.keyboard.press("0");
  await expect(page.getByRole("button", { name: "Future 2 seed 2" })).toHaveAttribute(
    "aria-pressed",
    "false",
  );
  await page.keyboard.press(" ");
  await expect(studio.play).toHaveAttribute("aria-pressed", "true");
  await expect.poll(() => studio.frameOf(studio.playhead)).toBeGreaterThan(3);
  await page.keyboard.press(" ");
  await expect(studio.play).toHaveAttribute("aria-pressed", "false");

  const steps = page.getByRole("spinbutton", { name: "Solver steps" });
  await steps.focus();
  const frame = await studio.frameOf(studio.playhead);
  await page.keyboard.press("n");
  await page.keyboard.press("3");
  expect(await studio.frameOf(studio.playhead)).toBe(frame);
  await expect(steps).toHaveValue("3");
  await steps.blur();
  await page.keyboard.press("Control+z");
  await expect(steps).toHaveValue("");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard keys" })).toBeVisible();
});

test("cancel stops a run and keeps what was there", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Walker/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await studio.forecast.click();
  await expect(studio.cancel).toBeEnabled();
  await studio.cancel.click();
  await expect(studio.status).toHaveText("Cancelled");
  await expect(studio.forecast).toBeEnabled();
  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(8);
  expect(studio.problems).toEqual([]);
});

test("a moved now keeps the old futures on screen until new ones come", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  await studio.now.fill("30");
  await expect(studio.now).toHaveAttribute("aria-valuetext", "frame 30 of 112");
  await expect(studio.futures).toHaveCount(2);
  await expect(page.getByText("“Now” has moved")).toBeVisible();
  await studio.run(studio.forecast);
  await expect(page.getByText("“Now” has moved")).toBeHidden();
  const { bytes } = await studio.save("Foretrack JSON");
  expect((JSON.parse(bytes.toString()) as Saved).nowSecs).toBeCloseTo(29 / 16, 2);
});

test("in a narrow window nothing of the header lies over anything else", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Marbles/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  const parts = [
    page.getByText("Open clip"),
    page.getByRole("button", { name: "Undo" }),
    page.getByRole("button", { name: "Redo" }),
    page.getByRole("radiogroup", { name: "Stage view" }),
    page.getByRole("button", { name: "Start fresh" }),
    page.getByRole("button", { name: "Export" }),
  ];
  for (const width of [1000, 1240, 1280, 1320, 1321, 1440]) {
    await page.setViewportSize({ width, height: 700 });
    const boxes = await Promise.all(parts.map((part) => part.boundingBox()));
    for (const [i, box] of boxes.slice(1).entries()) {
      const before = boxes[i];
      expect(box?.x, `${width} px`).toBeGreaterThanOrEqual((before?.x ?? 0) + (before?.width ?? 0));
    }
    expect((boxes.at(-1)?.x ?? width) + (boxes.at(-1)?.width ?? width)).toBeLessThanOrEqual(width);
  }
  // A phone on its side: nothing to the right of the window, Export least of all.
  for (const width of [844, 932]) {
    await page.setViewportSize({ width, height: 400 });
    await expect(page.getByRole("button", { name: "Export" })).toBeInViewport({ ratio: 1 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, `${width} px`).toBe(width);
  }
});

test("on a phone the page keeps its heading, and no field of the export dialog is cut off", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await expect(page.getByRole("heading", { level: 1, name: "Foretrack" })).toBeAttached();
  await page.getByRole("button", { name: /^Marbles/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await studio.run(studio.forecast);
  await studio.export.click();
  const dialog = page.getByRole("dialog");
  for (const field of await dialog.getByRole("combobox").all()) {
    await field.scrollIntoViewIfNeeded();
    const name = await field.getAttribute("aria-label");
    const [outer, box] = [await dialog.boundingBox(), await field.boundingBox()];
    const right = (of: typeof box) => (of?.x ?? 0) + (of?.width ?? 0);
    expect(right(box), name ?? "").toBeLessThan(right(outer) - 8);
  }
});

test("while a message is read the tools can be taken", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Marbles/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await studio.run(studio.forecast);
  const damaged = {
    name: "clip.mp4",
    mimeType: "video/mp4",
    buffer: Buffer.from("no clip at all"),
  };
  await studio.open.setInputFiles(damaged);
  await expect(page.getByRole("alert")).toBeVisible();
  for (const name of ["Transfer", "Wish", "Select"]) {
    await page.getByRole("radio", { name, exact: true }).check();
  }
});
