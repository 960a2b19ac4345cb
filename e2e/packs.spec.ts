import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { zipSync } from "fflate";
import { StudioPage } from "./studio.ts";

/** Models that the user loads, in the built studio. */
const ROOT = resolve(import.meta.dirname, "..");
const TINY = resolve(ROOT, "src/workers/inference/testdata/tiny-trajloom");
const POINTS = 390;

type Files = Record<string, Uint8Array>;

function tinyPack(): Files {
  const names = readdirSync(TINY).filter((name) => name !== "expected.json");
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(TINY, name))]));
}

/** One bit of the weights differs, which no size tells. */
function damaged(files: Files): Files {
  const bytes = Uint8Array.from(files["velocity.0.bin"]);
  bytes[bytes.length >> 1] ^= 1;
  return { ...files, "velocity.0.bin": bytes };
}

class ModelDialog {
  constructor(readonly page: Page) {}

  get dialog() {
    return this.page.getByRole("dialog", { name: "Model" });
  }

  model(name: string | RegExp) {
    return this.dialog.getByRole("radio", { name });
  }

  async open(): Promise<void> {
    await this.page.getByRole("button", { name: "Model", exact: true }).click();
    await expect(this.dialog).toBeVisible();
  }

  async close(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Close" }).click();
  }

  async checkZip(files: Files): Promise<void> {
    const buffer = Buffer.from(zipSync(files, { level: 0 }));
    await this.dialog
      .getByLabel("Zip of a pack")
      .setInputFiles({ name: "pack.zip", mimeType: "application/zip", buffer });
  }

  async checkAddress(address: string): Promise<void> {
    await this.dialog.getByLabel("Address of a pack").fill(address);
    await this.dialog.getByRole("button", { name: "Check" }).click();
  }

  async load(): Promise<void> {
    await this.dialog.getByRole("button", { name: "Load", exact: true }).click();
  }
}

/** Serves packs below the page's own address; counts what was asked for. */
async function serve(page: Page, packs: Record<string, Files>): Promise<string[]> {
  const asked: string[] = [];
  await page.route("**/served/**", async (route) => {
    const [pack, name] = new URL(route.request().url()).pathname.split("/").slice(-2);
    asked.push(`${pack}/${name}`);
    const bytes = packs[pack]?.[name];
    await route.fulfill(bytes ? { body: Buffer.from(bytes) } : { status: 404 });
  });
  return asked;
}

interface Saved {
  readonly packId: string;
  readonly fps: number;
  readonly history: { readonly tracksTN2: [number, number][][] };
  readonly futures: readonly { readonly tracksTN2: unknown[] }[];
}

test("a pack from a zip forecasts from the first past frame at the clip's own rate", async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  const models = new ModelDialog(page);
  await studio.visit();
  await page.getByRole("button", { name: /^Marbles/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await models.open();
  await models.checkZip(tinyPack());
  await expect(models.dialog.getByText("in 8 files, 32-bit weights")).toBeVisible();
  await expect(models.dialog.getByRole("row", { name: /^WebAssembly.*fits/ })).toBeVisible();
  await models.load();
  await expect(models.model(/^TrajLoom/)).toBeChecked({ timeout: 120_000 });
  await page.screenshot({ path: info.outputPath("models.png") });
  await models.close();
  await expect(page.getByText(/frames at 24 fps/)).toBeVisible({ timeout: 60_000 });

  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await page.getByRole("spinbutton", { name: "Solver steps" }).fill("4");
  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(2);
  await page.screenshot({ path: info.outputPath("forecast.png") });
  const saved = JSON.parse((await studio.save("Foretrack JSON")).bytes.toString()) as Saved;
  expect(saved.packId).toBe("tiny-trajloom-fp32");
  expect(saved.fps).toBe(24);
  expect(saved.futures[0].tracksTN2).toHaveLength(81);
  const [first] = saved.history.tracksTN2;
  expect(first).toHaveLength(POINTS);
  first.forEach((xy, n) => {
    expect(xy).toEqual([32 * (n % 26), 32 * Math.floor(n / 26)]);
  });
  expect(studio.problems).toEqual([]);
});

test("a pack from an address is kept; an altered one is refused and the old one goes on", async ({
  page,
}) => {
  const studio = new StudioPage(page);
  const models = new ModelDialog(page);
  const asked = await serve(page, { good: tinyPack(), bad: damaged(tinyPack()) });
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await models.open();
  await models.checkAddress("served/good");
  await expect(models.dialog.getByRole("button", { name: "Load", exact: true })).toBeEnabled();
  // What the pack needs is told before anything else is fetched.
  expect(asked).toEqual(["good/manifest.json"]);
  await models.load();
  await expect(models.model(/^TrajLoom/)).toBeChecked({ timeout: 120_000 });
  expect(new Set(asked).size).toBe(9);

  asked.length = 0;
  await models.checkAddress("served/good/manifest.json");
  await models.load();
  await expect(models.model(/^TrajLoom/)).toHaveCount(2, { timeout: 120_000 });
  expect(new Set(asked)).toEqual(new Set(["good/manifest.json"]));

  await models.checkAddress("served/bad");
  await models.load();
  await expect(models.dialog.getByRole("alert")).toContainText(/velocity\.0\.bin.*sha256/, {
    timeout: 120_000,
  });
  await expect(models.model(/^TrajLoom/).last()).toBeChecked();
  await models.dialog.getByRole("button", { name: "Choose another" }).click();
  await models.checkAddress("served/none");
  await expect(models.dialog.getByRole("alert")).toContainText("404");
  await models.close();

  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await page.getByRole("spinbutton", { name: "Solver steps" }).fill("4");
  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(1);
  await expect(page.getByText(/^TrajLoom, converted/)).toBeVisible();
  await page.getByRole("combobox", { name: "Heat map" }).selectOption("spread");
  await expect(page.getByText(/^No heat map: this model’s points/)).toBeVisible();
});

test("a reload brings the model back from the browser's cache; where it is gone, the shipped one", async ({
  page,
}) => {
  const studio = new StudioPage(page);
  const models = new ModelDialog(page);
  const kept = page.getByText("Saved in this browser");
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await models.open();
  await models.checkZip(tinyPack());
  await models.load();
  await expect(models.model(/^TrajLoom/)).toBeChecked({ timeout: 120_000 });
  await models.close();
  await expect(kept).toBeVisible({ timeout: 60_000 });

  await page.reload();
  await expect(page.getByText(/^TrajLoom, converted/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await page.getByRole("spinbutton", { name: "Solver steps" }).fill("2");
  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(1);
  await expect(kept).toBeVisible({ timeout: 60_000 });

  await page.evaluate(() => caches.delete("foretrack-packs"));
  await page.reload();
  await expect(studio.status).toHaveText(/no longer kept.*ships with Foretrack now/, {
    timeout: 60_000,
  });
  await expect(studio.futures).toHaveCount(1);
  await models.open();
  await expect(models.model("Foretrack compact")).toBeChecked();
});

test("a zip at an address is downloaded, by its name or by what it is", async ({ page }) => {
  const zip = Buffer.from(zipSync(tinyPack(), { level: 0 }));
  let hold = true;
  await page.route("**/served/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.endsWith("manifest.json")) return route.fulfill({ status: 404 });
    if (hold) return;
    await route.fulfill({ body: zip, contentType: "application/zip" });
  });
  const studio = new StudioPage(page);
  const models = new ModelDialog(page);
  await studio.visit();
  await models.open();
  await models.checkAddress("served/pack.zip");
  await expect(models.dialog.getByRole("listitem")).toContainText("pack.zip");
  await models.dialog.getByRole("button", { name: "Cancel" }).click();
  hold = false;
  for (const address of ["served/pack.zip", "served/latest"]) {
    await models.checkAddress(address);
    await expect(models.dialog.getByText("in 8 files, 32-bit weights")).toBeVisible();
    await models.dialog.getByRole("button", { name: "Choose another" }).click();
  }
  await models.checkAddress("served/pack.zip");
  await models.load();
  await expect(models.model(/^TrajLoom/)).toBeChecked({ timeout: 120_000 });
});

test("a large pack tells before Load how long its self-test takes in WebAssembly", async ({
  page,
}) => {
  const models = new ModelDialog(page);
  await new StudioPage(page).visit();
  await models.open();
  const self = models.dialog.getByRole("row", { name: /Self-test/ });
  await models.checkZip(tinyPack());
  await expect(models.dialog.getByRole("button", { name: "Load", exact: true })).toBeEnabled();
  await expect(self).toBeHidden();
  await models.dialog.getByRole("button", { name: "Choose another" }).click();
  const files = tinyPack();
  const manifest = JSON.parse(Buffer.from(files["manifest.json"]).toString());
  manifest.graphs.velocity.gflops = 6000;
  await models.checkZip({ ...files, "manifest.json": Buffer.from(JSON.stringify(manifest)) });
  await expect(self).toContainText("about 4 min on two cores");
});

test("a load can be cancelled, and the shipped model still forecasts", async ({ page }) => {
  const studio = new StudioPage(page);
  const models = new ModelDialog(page);
  await studio.visit();
  await models.open();
  await models.checkZip(tinyPack());
  await models.load();
  await models.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(models.dialog.getByRole("button", { name: "Load", exact: true })).toBeEnabled();
  await expect(models.model("Foretrack compact")).toBeChecked();
  await expect(models.model(/^TrajLoom/)).toHaveCount(0);
});
