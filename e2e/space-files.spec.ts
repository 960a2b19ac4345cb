import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { readNpz } from "../src/formats/containers/npz.ts";
import { readZip } from "../src/formats/containers/zip.ts";
import { makeFieldNpz } from "../src/formats/import/trace-anything-testing.ts";
import { StudioPage } from "./studio.ts";

test.use({ actionTimeout: 60_000 });

const walker = fileURLToPath(new URL("../public/samples/walker.mp4", import.meta.url));

/** The first file of a zip. */
function first(bytes: Uint8Array): Uint8Array {
  const [file] = readZip(new Uint8Array(bytes)).values();
  return file;
}

test("a clip in space goes out as glTF and 3-D tracks, and a field comes in", async ({
  page,
}, info) => {
  test.setTimeout(600_000);
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await studio.openFile(walker);
  await studio.run(studio.forecast);
  const dialog = page.getByRole("dialog");
  const saved = async (label: string) => {
    await dialog.getByRole("radio", { name: label, exact: true }).check({ force: true });
    const waiting = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Download" }).click();
    const download = await waiting;
    const path = info.outputPath(download.suggestedFilename());
    await download.saveAs(path);
    return readFile(path);
  };

  await test.step("the dialog asks for relief, then writes", async () => {
    await studio.export.click();
    await dialog.getByRole("radio", { name: "glTF", exact: true }).check({ force: true });
    await dialog.getByRole("button", { name: "Find relief" }).click();
    await expect(dialog.getByText(/median depths of what stands still/)).toBeVisible({
      timeout: 300_000,
    });
    await page.screenshot({ path: info.outputPath("export.png") });
    // Several futures are chosen: each has a folder of its own.
    const [gltf, tracker] = [first(await saved("glTF")), first(await saved("3-D tracks"))];
    expect(Buffer.from(gltf.subarray(0, 4)).toString()).toBe("glTF");
    const tracks = readNpz(tracker);
    expect(tracks.get("coords")?.shape[2]).toBe(3);
    expect(tracks.get("rgb")?.data.some((value) => value !== 150)).toBe(true);
    await page.keyboard.press("Escape");
  });

  await test.step("a field of Trace Anything gives tracks, camera and depth", async () => {
    const path = info.outputPath("field.npz");
    const size = { frames: 40, rows: 60, columns: 104, focalPx: 700, stride: 8 };
    await writeFile(path, makeFieldNpz(size));
    await studio.open.setInputFiles(path);
    await expect(dialog.getByText(/Trace Anything field of 40 frames/)).toBeVisible();
    await page.screenshot({ path: info.outputPath("import.png") });
    await dialog.getByRole("button", { name: "Use these tracks" }).click();
    await studio.run(studio.forecast);
    await page.getByRole("radio", { name: "Space", exact: true }).check({ force: true });
    const panel = page
      .locator("section")
      .filter({ has: page.getByRole("heading", { name: "Relief" }) });
    await panel.getByRole("button", { name: "Find relief" }).click();
    await expect(panel.getByRole("status")).toContainText("lens 700 px", { timeout: 120_000 });
    const view = page.getByRole("img", { name: "Space view" });
    await page.waitForTimeout(1000);
    const before = await view.screenshot({ path: info.outputPath("field.png") });
    await studio.playhead.focus();
    await page.keyboard.press("Home");
    await expect.poll(async () => before.equals(await view.screenshot())).toBe(false);
    await view.screenshot({ path: info.outputPath("field-first.png") });
  });
  expect(studio.problems).toEqual([]);
});
