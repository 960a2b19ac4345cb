import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./packages.mjs";
import { must, run, say } from "./process.mjs";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const isRoot = () => process.getuid?.() === 0;

function systemBrowser() {
  const asked = process.env.FORETRACK_CHROMIUM;
  if (asked && !existsSync(asked)) throw new Error(`FORETRACK_CHROMIUM: there is no ${asked}`);
  return asked ?? SYSTEM.find((path) => existsSync(path)) ?? null;
}

async function playwrightBrowser() {
  const entry = pathToFileURL(join(ROOT, "node_modules/playwright/index.mjs")).href;
  const { chromium } = await import(entry);
  const path = chromium.executablePath();
  return existsSync(path) ? path : null;
}

/**
 * A Chromium for the end-to-end tests: the system's own, else Playwright's download, else the
 * distribution's package.
 * @returns {Promise<string>} path of the browser
 */
export async function ensureBrowser() {
  const found = systemBrowser() ?? (await playwrightBrowser());
  if (found) return found;
  say("No Chromium or Chrome here: asking Playwright for its own, about 180 MB");
  const playwright = join(ROOT, "node_modules/playwright/cli.js");
  const deps = isRoot() ? ["--with-deps"] : [];
  if ((await run(process.execPath, [playwright, "install", ...deps, "chromium"])) === 0) {
    const path = await playwrightBrowser();
    if (path) return path;
  }
  if (isRoot() && existsSync("/usr/bin/apt-get")) {
    say(
      "That download is not reachable: installing the distribution's chromium, about 400 MB on disk",
    );
    await aptInstall(["chromium"]);
    const path = systemBrowser();
    if (path) return path;
  }
  console.error(
    "No browser could be installed. Install Chromium or Chrome, or set FORETRACK_CHROMIUM.",
  );
  process.exit(1);
}

/** Installs packages of a Debian-like system; root only. */
export async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env });
  await must("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env });
}
