import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium } from "playwright";
import { createServer, preview } from "vite";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const SYSTEM = [
  process.env.FORETRACK_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path && existsSync(path));

const LAUNCH = { args: ["--no-sandbox"], ...(SYSTEM ? { executablePath: SYSTEM } : {}) };

export interface Site {
  readonly browser: Browser;
  readonly url: string;
  close(): Promise<void>;
}

export interface ServedBuild {
  readonly url: string;
  close(): Promise<void>;
}

/** The built site in `dist` as visitors get it. */
export async function serveBuild(dist: string): Promise<ServedBuild> {
  const server = await preview({
    root: ROOT,
    logLevel: "error",
    build: { outDir: dist },
    preview: { host: "127.0.0.1", port: 0 },
  });
  return { url: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}

/** A browser with a profile of its own in a temporary folder. Rejects where there is no Chromium. */
export async function freshProfile(): Promise<BrowserContext> {
  const folder = await mkdtemp(join(tmpdir(), "foretrack-profile-"));
  const context = await chromium.launchPersistentContext(folder, {
    ...LAUNCH,
    // Its downloads in the background are not part of a wait.
    serviceWorkers: "block",
  });
  // The browser writes its last files while it ends.
  const clear = () => rm(folder, { recursive: true, force: true, maxRetries: 10 });
  context.on("close", () => void clear().catch(() => undefined));
  return context;
}

/** The test pages under e2e/harness from source, and a browser. */
export async function openHarness(): Promise<Site> {
  const server = await createServer({
    root: ROOT,
    logLevel: "error",
    cacheDir: ".cache/vite-bench",
    server: { host: "127.0.0.1", port: 0, hmr: false },
  });
  await server.listen();
  return withBrowser(server.resolvedUrls?.local[0] ?? "", () => server.close());
}

async function withBrowser(url: string, closeServer: () => Promise<void>): Promise<Site> {
  try {
    const browser = await chromium.launch(LAUNCH);
    const close = async () => {
      await browser.close();
      await closeServer();
    };
    return { browser, url, close };
  } catch (error) {
    await closeServer();
    throw error;
  }
}
