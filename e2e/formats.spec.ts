import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Locator, test } from "@playwright/test";
import { exportCommand } from "../src/cli/export-command.ts";
import { gridQueryXyN2 } from "../src/domain/grid.ts";
import { readZip } from "../src/formats/containers/zip.ts";
import { EXPORT_FORMATS } from "../src/formats/export/registry.ts";
import { StudioPage } from "./studio.ts";
import { cotracker, displacement, pickle, tapvidUnit, tapvidYx } from "./tracks-files.ts";

const CLIP = new URL("../public/samples/crossing.mp4", import.meta.url).pathname;

async function openCrossing(studio: StudioPage, futures: number): Promise<void> {
  await studio.visit("tiny");
  await studio.page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open, 112 frames", { timeout: 60_000 });
  const count = studio.page.getByRole("spinbutton", { name: "How many to sample" });
  await count.fill(String(futures));
}

interface Wanted {
  readonly futures: readonly number[];
  readonly size?: string;
  readonly fps?: string;
  readonly frames?: string;
}

/** Chooses a target of the open export dialog with these options, where it has them, and downloads. */
async function download(dialog: Locator, target: string, wanted: Wanted): Promise<Buffer> {
  await dialog.getByRole("radio", { name: target, exact: true }).check();
  for (const box of await dialog.getByRole("checkbox", { name: /^Future \d/ }).all()) {
    const id = Number(/\d+/.exec((await box.getAttribute("aria-label")) ?? "")?.[0]);
    await box.setChecked(wanted.futures.includes(id));
  }
  const [width = "", height = ""] = wanted.size?.split("x") ?? [];
  const { fps = "", frames = "" } = wanted;
  const typed = { Width: width, Height: height, "Frames a second": fps, Frames: frames };
  for (const [label, value] of Object.entries(typed)) {
    const field = dialog.getByRole("spinbutton", { name: label, exact: true });
    const differs = (await field.count()) > 0 && (await field.inputValue()) !== value;
    if (differs) await field.fill(value);
  }
  const coming = dialog.page().waitForEvent("download", { timeout: 60_000 });
  await dialog.getByRole("button", { name: /^Download(?! MP4)/ }).click();
  return readFile(await (await coming).path());
}

async function openExport(studio: StudioPage): Promise<Locator> {
  await studio.export.click();
  return studio.page.getByRole("dialog", { name: "Save for another tool" });
}

/** The page writes those in space from relief; the command finds its own (space-files.spec). */
const FLAT_FORMATS = EXPORT_FORMATS.filter(({ needsSpace }) => !needsSpace);

test("page and command write the same bytes, in every format of the picture", async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  await openCrossing(studio, 2);
  await studio.run(studio.forecast);
  await expect(page.getByText(/^minADE2/)).toBeVisible({ timeout: 120_000 });
  const dialog = await openExport(studio);
  const forecast = info.outputPath("forecast.json");
  await writeFile(forecast, await download(dialog, "Foretrack JSON", { futures: [1, 2] }));
  await mkdir(info.outputPath("out"), { recursive: true });

  for (const { name, label, extension, futures } of FLAT_FORMATS) {
    await test.step(`${name}, both futures`, async () => {
      const both = await download(dialog, label, { futures: [1, 2] });
      const out = info.outputPath(
        "out",
        `${name}-both${futures === "together" ? extension : ".zip"}`,
      );
      await exportCommand([forecast, "--format", name, "--future", "all", "--out", out]);
      expect(both.equals(await readFile(out))).toBe(true);
    });
  }

  const wanted = { futures: [2], size: "640x640", fps: "12", frames: "49" };
  for (const { name, label, extension, options, severalFiles } of FLAT_FORMATS) {
    await test.step(`${name}, one future at another size, rate and length`, async () => {
      const free = (kind: string) => options.some((option) => option.kind === kind);
      const one = await download(dialog, label, wanted);
      const out = info.outputPath("out", severalFiles ? name : `${name}${extension}`);
      await exportCommand([
        ...[forecast, "--format", name, "--future", "2", "--out", out],
        ...(free("size") ? ["--size", wanted.size] : []),
        ...(free("fps") ? ["--fps", wanted.fps] : []),
        ...(free("frames") ? ["--frames", wanted.frames] : []),
      ]);
      if (!severalFiles) expect(one.equals(await readFile(out))).toBe(true);
      else {
        const files = readZip(one);
        expect([...files.keys()].sort()).toEqual((await readdir(out)).sort());
        for (const [file, bytes] of files) {
          expect(Buffer.compare(bytes, await readFile(join(out, file))), file).toBe(0);
        }
      }
    });
  }

  for (const size of ["832x480", "640x640"]) {
    await test.step(`“now” at ${size}`, async () => {
      const png = await download(dialog, "“Now” frame", { futures: [], size });
      const out = info.outputPath("out", `now-${size}.csv`);
      await exportCommand([
        ...[forecast, "--format", "csv", "--size", size],
        ...["--clip", CLIP, "--out", out],
      ]);
      expect(png.equals(await readFile(out.replace(/csv$/, "now.png")))).toBe(true);
    });
  }
  expect(studio.problems).toEqual([]);
});

interface Saved {
  readonly importedFrom?: string;
  readonly history: { tracksTN2: [number, number][][]; visibilityTN: number[][] };
}

/** Farthest that the saved past lies from the motion of the imported file. */
function worst({ history }: Saved): number {
  const grid = gridQueryXyN2();
  const now = history.tracksTN2.length - 1;
  const misses = history.tracksTN2.flatMap((frame, t) => {
    const [dx, dy] = displacement(t - now);
    return frame.map(([x, y], n) =>
      Math.max(Math.abs(x - grid[2 * n] - dx), Math.abs(y - grid[2 * n + 1] - dy)),
    );
  });
  return Math.max(...misses);
}

test("tracks of other tools are read as confirmed and forecast from", async ({ page }, info) => {
  const studio = new StudioPage(page);
  await openCrossing(studio, 1);
  const dialog = page.getByRole("dialog", { name: "Import tracks" });
  const use = dialog.getByRole("button", { name: "Use these tracks" });
  const whose = page.getByText(/^Tracks: /);
  await expect(whose).toHaveText("Tracks: built-in tracker");

  await test.step("TAP-Vid: the proposal, a change of it, and nothing done on closing", async () => {
    await studio.open.setInputFiles(tapvidUnit());
    await expect(dialog).toContainText("TAP-Vid / TAPIR");
    await expect(dialog.getByRole("row", { name: /^points/ })).toContainText("1008 × 112 × 2");
    await expect(dialog.getByRole("row", { name: /^points/ })).toContainText("float32");
    await expect(dialog.getByRole("combobox", { name: "Axes" })).toHaveValue("NTC");
    await expect(dialog.getByRole("radio", { name: "0–1", exact: true })).toBeChecked();
    await expect(dialog.getByRole("radio", { name: "occluded" })).toBeChecked();
    await expect(dialog.getByText("390 of 390 grid points have a track")).toBeVisible();
    await page.screenshot({ path: info.outputPath("proposal.png") });
    // Pixels instead: every track then sits in the corner.
    await dialog.getByRole("radio", { name: "pixels" }).check();
    await expect(dialog.getByText("390 of 390 grid points")).toBeHidden();
    await dialog.getByRole("spinbutton", { name: "Frames a second" }).fill("");
    await expect(dialog.getByRole("alert")).toContainText("frame rate");
    await expect(use).toBeDisabled();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(whose).toHaveText("Tracks: built-in tracker");
  });

  await test.step("CoTracker: two files together, and undo", async () => {
    await page.getByLabel("Import tracks").setInputFiles(cotracker());
    await expect(dialog.getByRole("combobox", { name: "Axes" })).toHaveValue("BTNC");
    const visibility = dialog.getByRole("combobox", { name: "Visibility" });
    await expect(visibility).toHaveValue("pred_visibility");
    await dialog.getByRole("radio", { name: "On the grid" }).check();
    await use.click();
    await expect(whose).toHaveText("Tracks: imported from pred_tracks.npy and 1 more");
    await page.keyboard.press("Control+z");
    await expect(whose).toHaveText("Tracks: built-in tracker");
  });

  let saved: Buffer = Buffer.alloc(0);
  await test.step("y first: found out, forecast from, kept by Resample and the saved forecast", async () => {
    await studio.open.setInputFiles(tapvidYx());
    await expect(dialog.getByRole("radio", { name: "y, x" })).toBeChecked();
    await use.click();
    await expect(whose).toHaveText("Tracks: imported from tapvid-yx.npz");
    await studio.run(studio.forecast);
    await studio.run(studio.resample);
    await expect(whose).toHaveText("Tracks: imported from tapvid-yx.npz");
    const saving = await openExport(studio);
    saved = await download(saving, "Foretrack JSON", { futures: [1] });
    await saving.getByRole("button", { name: "Close" }).click();
    const json = JSON.parse(saved.toString()) as Saved;
    expect(json.importedFrom).toBe("tapvid-yx.npz");
    expect(json.history.tracksTN2).toHaveLength(56);
    expect(worst(json)).toBeLessThan(0.01);
    // Hidden in the file from frame 21 to 39 in every seventh track.
    expect(json.history.visibilityTN[30]).toContain(0);
    expect(json.history.visibilityTN[10]).not.toContain(0);
  });

  await test.step("a pickle is refused and leaves everything", async () => {
    await studio.open.setInputFiles(pickle());
    await expect(page.getByRole("alert").first()).toContainText("Python pickle");
    await expect(page.getByRole("alert").first()).toContainText("np.savez");
    await expect(whose).toHaveText("Tracks: imported from tapvid-yx.npz");
    await expect(studio.futures).toHaveCount(1);
  });

  await test.step("back to the built-in tracker, and the file brings them back", async () => {
    await page.getByRole("button", { name: "Use the built-in tracker" }).click();
    await expect(whose).toHaveText("Tracks: built-in tracker");
    await expect(page.getByText("The tracks have changed")).toBeVisible();
    const file = { name: "forecast.json", mimeType: "application/json", buffer: saved };
    await studio.open.setInputFiles(file);
    await expect(studio.status).toContainText("is restored, 1 future");
    await expect(whose).toHaveText("Tracks: imported from tapvid-yx.npz");
    await studio.run(studio.resample);
  });
  expect(studio.problems).toEqual([]);
});
