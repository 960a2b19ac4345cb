import { readFile } from "node:fs/promises";
import type { Download, Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { serveTinyModel } from "./tiny-model.ts";

/** The studio by its accessible names: what tests and screen readers rely on. */
export class StudioPage {
  readonly open: Locator;
  readonly now: Locator;
  readonly playhead: Locator;
  readonly play: Locator;
  readonly forecast: Locator;
  readonly cancel: Locator;
  readonly resample: Locator;
  readonly futures: Locator;
  readonly export: Locator;
  readonly status: Locator;
  /** Errors that the page logged or threw. */
  readonly problems: string[] = [];

  constructor(readonly page: Page) {
    this.open = page.getByLabel("Open clip");
    this.now = page.getByRole("slider", { name: "Now" });
    this.playhead = page.getByRole("slider", { name: "Playhead" });
    this.play = page.getByRole("button", { name: "Play" });
    this.forecast = page.getByRole("button", { name: "Forecast" });
    this.cancel = page.getByRole("button", { name: "Cancel" });
    this.resample = page.getByRole("button", { name: "Resample" });
    this.futures = page.getByRole("list", { name: "Futures" }).getByRole("listitem");
    this.export = page.getByRole("button", { name: "Export" });
    this.status = page.getByRole("status", { name: "Status" });
    page.on("pageerror", (error) => this.problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(message.text());
    });
  }

  /** `tiny`: a model of a few kilobytes, for what does not depend on the weights. */
  async visit(model: "shipped" | "tiny" = "shipped"): Promise<void> {
    if (model === "tiny") await serveTinyModel(this.page);
    await this.page.goto("/");
    await expect(this.open).toBeAttached();
  }

  /** Opens a file and waits until its frames are on the timeline. */
  async openFile(path: string): Promise<void> {
    await this.open.setInputFiles(path);
    await expect(this.status).toContainText("is open", { timeout: 60_000 });
    await expect(this.playhead).toBeVisible();
  }

  /** Seeds of the futures in the order of the list. */
  async seeds(): Promise<number[]> {
    const names = await this.futures.getByRole("button", { name: /^Future/ }).allTextContents();
    return names.map((name) => Number(/seed (\d+)$/.exec(name)?.[1]));
  }

  async run(button: Locator): Promise<void> {
    await button.click();
    await expect(this.status).toHaveText("Forecast ready", { timeout: 400_000 });
  }

  async frameOf(slider: Locator): Promise<number> {
    const text = await slider.getAttribute("aria-valuetext");
    const match = /^frame (\d+) of (\d+)$/.exec(text ?? "");
    expect(match, `“${text}” names a frame`).not.toBeNull();
    return Number(match?.[1]);
  }

  /** Downloads one target of the export dialog, once `choose` has set its fields. */
  async save(
    target: string,
    choose?: () => Promise<void>,
  ): Promise<{ name: string; bytes: Buffer }> {
    await this.export.click();
    await this.page.getByRole("radio", { name: target, exact: true }).check();
    await choose?.();
    const coming = this.page.waitForEvent("download", { timeout: 120_000 });
    await this.page.getByRole("button", { name: "Download" }).click();
    const download = await coming;
    await this.page.getByRole("button", { name: "Close" }).click();
    return { name: download.suggestedFilename(), bytes: await readDownload(download) };
  }
}

async function readDownload(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}
