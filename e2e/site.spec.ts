import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { firstLoad } from "../src/cli/bench/first-load.ts";
import { MEDIA_DIR, makeMedia } from "./media/make.ts";
import { serveStatic } from "./static-host.ts";
import { StudioPage } from "./studio.ts";

const ROOT = resolve(import.meta.dirname, "..");
const CLIP = resolve(ROOT, "public/samples/marbles.mp4");

/** Small, because these tests are about the site, not about the futures. */
async function forecastOne(studio: StudioPage): Promise<void> {
  await studio.page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(1);
}

test("from drop to export the page asks its own origin only, and only with GET", async ({
  page,
  baseURL,
}) => {
  const foreign: string[] = [];
  page.context().on("request", (request) => {
    const url = new URL(request.url());
    const isOwn = url.origin === baseURL || url.protocol === "data:" || url.protocol === "blob:";
    if (!isOwn || request.method() !== "GET") foreign.push(`${request.method()} ${request.url()}`);
  });
  const studio = new StudioPage(page);
  await studio.visit();
  await studio.openFile(CLIP);
  await forecastOne(studio);
  const { bytes } = await studio.save("Foretrack JSON");
  expect(bytes.length).toBeGreaterThan(10_000);
  await studio.save("“Now” frame");
  expect(foreign).toEqual([]);
  // A refusal by the content policy would be among them.
  expect(studio.problems).toEqual([]);
});

test("a clip that the browser cannot decode opens under the content policy", async ({ page }) => {
  await makeMedia();
  const studio = new StudioPage(page);
  await studio.visit();
  await studio.openFile(join(MEDIA_DIR, "mpeg4.avi"));
  expect(studio.problems).toEqual([]);
});

test("the page is light: the runtimes come when they are needed", async () => {
  const files = await firstLoad(resolve(ROOT, "dist"));
  const bytes = files.reduce((sum, file) => sum + file.gzipBytes, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(350_000);
  const code = await Promise.all(
    files.map(({ path }) => readFile(resolve(ROOT, "dist", path), "utf8")),
  );
  for (const runtime of ["WebGLRenderer", "InferenceSession", "ffmpeg-core"]) {
    expect(code.filter((text) => text.includes(runtime))).toEqual([]);
  }
});

test("the content policy refuses foreign and injected scripts", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit();
  const refused = await page.evaluate(async () => {
    const refusals: string[] = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      refusals.push(event.blockedURI);
    });
    const add = (change: (script: HTMLScriptElement) => void) => {
      const script = document.createElement("script");
      change(script);
      document.body.append(script);
    };
    add((script) => {
      script.textContent = "window.injected = true";
    });
    add((script) => {
      script.src = "https://example.invalid/script.js";
    });
    await new Promise((done) => setTimeout(done, 200));
    return { refusals, injected: "injected" in window };
  });
  expect(refused.injected).toBe(false);
  expect(new Set(refused.refusals)).toEqual(
    new Set(["inline", "https://example.invalid/script.js"]),
  );
});

test("the notices page opens from the studio and names the GPL program", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit();
  const coming = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Notices" }).click();
  const notices = await coming;
  await expect(notices.getByRole("heading", { name: /^@ffmpeg\/core/ })).toBeVisible();
  const text = notices.getByRole("link", { name: /GNU General Public License/ });
  expect((await notices.request.get((await text.getAttribute("href")) ?? "")).ok()).toBe(true);
});

test.describe("on a static host, below a folder", () => {
  test.use({ serviceWorkers: "allow" });

  test("isolates itself, and after one visit works without a network", async ({ page }) => {
    const host = await serveStatic(resolve(ROOT, "dist"), "/some/studio/");
    try {
      const studio = new StudioPage(page);
      await page.goto(host.url);
      await expect.poll(() => isolated(page)).toBe(true);
      await expect.poll(() => missingFiles(page), { timeout: 240_000 }).toEqual([]);
      await host.close();

      await page.reload();
      expect(await isolated(page)).toBe(true);
      await page.getByRole("button", { name: /^Marbles/ }).click();
      await expect(studio.status).toContainText("is open", { timeout: 60_000 });
      await forecastOne(studio);
      expect(studio.problems).toEqual([]);
    } finally {
      await host.close();
    }
  });
});

/** The page loads itself again on its way: a question may meet no document. */
async function isolated(page: Page): Promise<boolean> {
  return page.evaluate(() => crossOriginIsolated).catch(() => false);
}

/** Files of the build that neither the service worker has kept yet nor the page, which keeps the packs that it loads. */
async function missingFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const worker = await (await fetch("sw.js", { cache: "no-store" })).text();
    const paths = [...worker.matchAll(/"path":"([^"]+)"/g)].map((match) => match[1]);
    const names = (await caches.keys()).filter((name) => /^foretrack-(site:|packs$)/.test(name));
    const caching = await Promise.all(names.map((name) => caches.open(name)));
    const keys = (await Promise.all(caching.map((cache) => cache.keys()))).flat();
    const kept = new Set(keys.map(({ url }) => url.split("?")[0]));
    return paths.filter((path) => !kept.has(new URL(path, document.baseURI).href));
  });
}
