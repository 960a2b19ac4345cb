import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build, type PreviewServer, preview } from "vite";
import config from "../../playwright.config.ts";
import { MEASURABLE } from "./memory.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** The built studio in a browser of its own. */
export interface Site {
  readonly browser: Browser;
  /** A fresh page with an empty storage. */
  open(): Promise<Page>;
  close(): Promise<void>;
}

/** Builds the site where `folder` (default `dist`) holds none, serves it and starts Chromium. */
export async function openSite(folder = "dist"): Promise<Site> {
  const outDir = resolve(ROOT, folder);
  if (!existsSync(resolve(outDir, "index.html"))) {
    await build({ root: ROOT, build: { outDir }, logLevel: "error" });
  }
  const server: PreviewServer = await preview({
    root: ROOT,
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0 },
    logLevel: "error",
  });
  const { args = [], ...launch } = config.use?.launchOptions ?? {};
  const browser = await chromium.launch({ ...launch, args: [...args, ...MEASURABLE] });
  const address = server.resolvedUrls?.local[0] ?? "";
  return {
    browser,
    async open() {
      const context = await browser.newContext({
        // Drawing in software takes longer than decoding.
        viewport: { width: 800, height: 560 },
        serviceWorkers: "block",
      });
      const page = await context.newPage();
      await page.goto(address);
      await page.getByLabel("Open clip").waitFor({ state: "attached" });
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
