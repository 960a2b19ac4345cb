import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const PORT = Number(process.env.FORETRACK_E2E_PORT ?? 4317);
const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The system's own browser where there is one, else Playwright's download. */
const SYSTEM = [
  process.env.FORETRACK_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path && existsSync(path));

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  // A test waits for its page much of the time: two at once fill two cores.
  workers: 2,
  fullyParallel: false,
  // Two busy cores without a GPU are slow; no test asserts how fast anything is.
  timeout: 600_000,
  expect: { timeout: 30_000 },
  // A second try where nobody watches; the report still says which test needed it.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    // Drawing in software takes most of the processor: no larger than the studio needs.
    viewport: { width: 1200, height: 760 },
    acceptDownloads: true,
    // Its downloads in the background would slow every test; site.spec.ts lets it run.
    serviceWorkers: "block",
    launchOptions: { args: FLAGS, ...(SYSTEM ? { executablePath: SYSTEM } : {}) },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${PORT} --strictPort`,
    url: `http://127.0.0.1:${PORT}`,
    reuseExistingServer: false,
  },
});
