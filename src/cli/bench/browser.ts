import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright";
import { createServer, preview } from "vite";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const SYSTEM = [
  process.env.FORETRACK_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path && existsSync(path));

export interface Site {
  readonly browser: Browser;
  readonly url: string;
  close(): Promise<void>;
}

/** The build as visitors get it, and a browser. Rejects where there is no Chromium. */
export async function openBuild(): Promise<Site> {
  const server = await preview({
    root: ROOT,
    logLevel: "error",
    preview: { host: "127.0.0.1", port: 0 },
  });
  return withBrowser(server.resolvedUrls?.local[0] ?? "", () => server.close());
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
    const browser = await chromium.launch({
      args: ["--no-sandbox"],
      ...(SYSTEM ? { executablePath: SYSTEM } : {}),
    });
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
