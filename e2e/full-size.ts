// npx tsx e2e/full-size.ts PACK: loads a TrajLoom pack of any size in Chromium, every file checked
// by hash, and runs its VAE in WebAssembly against the pack's goldens. Prints seconds and memory.
// Not among the tests: a pack of the published size takes minutes and gigabytes.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { chromium } from "@playwright/test";
import { createServer } from "vite";
import { peakResident } from "./torture/memory.ts";

const ROOT = resolve(import.meta.dirname, "..");
const SYSTEM = [process.env.FORETRACK_CHROMIUM, "/usr/bin/chromium"].find(
  (path) => path && existsSync(path),
);
const PATIENCE_MILLIS = 1_800_000;

async function main(): Promise<void> {
  const folder = resolve(process.argv[2] ?? "");
  if (!existsSync(`${folder}/manifest.json`)) throw new Error("give the folder of a pack");
  const server = await createServer({
    root: ROOT,
    server: {
      port: 0,
      host: "127.0.0.1",
      watch: null,
      hmr: false,
      fs: { allow: [ROOT, folder] },
    },
    cacheDir: ".cache/vite-harness-packs",
    logLevel: "error",
  });
  await server.listen();
  const browser = await chromium.launch({
    args: ["--no-sandbox"],
    ...(SYSTEM ? { executablePath: SYSTEM } : {}),
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.on("console", (message) => console.log(message.text()));
    await page.goto(new URL("e2e/harness/packs.html", server.resolvedUrls?.local[0]).href);
    await page.waitForFunction(() => "packs" in window);
    const result = await page.evaluate((url) => window.packs.vae(url), `/@fs${folder}/`);
    const peak = await peakResident(browser);
    console.log(JSON.stringify(result, null, 1));
    console.log(
      peak ? `peak memory of the page ${(peak / 1e9).toFixed(2)} GB` : "memory is not known here",
    );
    if (!result.ok) process.exitCode = 1;
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
