import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import { createNodeDecoder } from "../src/cli/node-decode/decoder.ts";
import type { Frame } from "../src/domain/clip.ts";
import { nativeTiming, workingTiming } from "../src/domain/timing.ts";
import type { Outcome, Request, Way } from "./harness/decode.ts";
import { encode } from "./media/encode.ts";
import { BROKEN, DOUBLED, NOT_DECODED_BY_WASM, TRUNCATED } from "./media/list.ts";
import { MEDIA_DIR, madeRecipes, makeMedia } from "./media/make.ts";

/**
 * One contract: frame i is the same picture, whichever way decoded it. Each made clip goes through
 * the browser's decoders and ffmpeg.wasm and is compared with the command's ffmpeg.
 */
const SIZE = { width: 208, height: 120 };
const REFERENCES = join(MEDIA_DIR, "reference");

/** What the system's Chromium cannot decode by itself, or not right: only ffmpeg.wasm is asked. */
const NOT_IN_BROWSER = /^(hevc|mpeg4|mjpeg|mpeg2|interlaced|alpha|glued)|\.tiff$/;

let server: ViteDevServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  await makeMedia();
  mkdirSync(REFERENCES, { recursive: true });
  server = await createServer({
    root: resolve(import.meta.dirname, ".."),
    server: { port: 0, host: "127.0.0.1" },
    cacheDir: ".cache/vite-harness",
    // Found late, a dependency would reload the page.
    optimizeDeps: { include: ["mediabunny"], exclude: ["@ffmpeg/core"] },
    logLevel: "error",
  });
  await server.listen();
  page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.route("**/made/**", (route) => {
    const path = new URL(route.request().url()).pathname.replace(/^.*\/made\//, "");
    return route.fulfill({ body: readFileSync(join(MEDIA_DIR, path)) });
  });
  const address = server.resolvedUrls?.local[0] ?? "";
  await page.goto(new URL("e2e/harness/decode.html", address).href);
  await page.waitForFunction(() => "decodeHarness" in window);
});

test.afterAll(async () => {
  await page?.close();
  await server?.close();
});

async function makeReference(file: string): Promise<string> {
  const clip = await createNodeDecoder().open(join(MEDIA_DIR, file), { rate: 16, fit: "cover" });
  const frames: Frame[] = [];
  await clip.read(0, clip.info.frameCount, SIZE, { onFrame: (frame) => frames.push(frame) });
  const name = `${file}.rgba`;
  writeFileSync(join(REFERENCES, name), Buffer.concat(frames.map((f) => Buffer.from(f.rgba))));
  return `/made/reference/${name}`;
}

function decode(request: Partial<Request> & { url: string }): Promise<Outcome> {
  const full: Request = { way: undefined, rate: 16, fit: "cover", ...SIZE, ...request };
  return page.evaluate((r) => window.decodeHarness.decode(r), full);
}

function waysFor(file: string): Way[] {
  const ways: Way[] = [];
  if (/\.(png|jpg|webp|gif|avif)$/.test(file)) ways.push("image");
  else if (!NOT_IN_BROWSER.test(file)) ways.push("webcodecs");
  if (!NOT_DECODED_BY_WASM.test(file)) ways.push("ffmpeg.wasm");
  return ways;
}

for (const recipe of madeRecipes()) {
  test(`${recipe.file}: the same pictures by every way`, async () => {
    const reference = await makeReference(recipe.file);
    const { display, indices, timesSecs } = recipe.expect;
    const timing = workingTiming(nativeTiming(timesSecs), 16);
    for (const way of waysFor(recipe.file)) {
      const outcome = await decode({ url: `/made/${recipe.file}`, way, reference });
      console.log(recipe.file, way, outcome.worstMeanDifference.toFixed(3));
      expect.soft(outcome.info.decodedBy).toBe(way);
      expect.soft(outcome.info.displaySize).toEqual(display);
      expect.soft(outcome.info.nativeFrameCount).toBe(indices.length);
      expect.soft(outcome.indices).toEqual(Array.from(timing.nativeIndices, (n) => indices[n]));
      expect.soft(outcome.upright).toBe(true);
      expect.soft(outcome.lumaAgrees).toBe(true);
      expect.soft(outcome.worstMeanDifference).toBeLessThan(2);
    }
  });
}

test("takes ffmpeg.wasm by itself where the browser cannot decode", async () => {
  const avi = await decode({ url: "/made/mpeg4.avi" });
  expect(avi.info.decodedBy).toBe("ffmpeg.wasm");
  const mp4 = await decode({ url: "/made/h264-bframes.mp4" });
  expect(mp4.info.decodedBy).toBe("webcodecs");
});

test("a part that comes twice: ffmpeg.wasm takes over, frame by frame the same", async () => {
  const reference = await makeReference(DOUBLED.file);
  const outcome = await decode({ url: `/made/${DOUBLED.file}`, reference });
  console.log(DOUBLED.file, outcome.info.decodedBy, outcome.openMillis, outcome.readMillis);
  expect(outcome.info.decodedBy).toBe("ffmpeg.wasm");
  expect(outcome.worstMeanDifference).toBeLessThan(2);
});

test("a photo of more pixels than are kept is announced by its own size", async () => {
  const [width, height] = [10_000, 6600];
  const grey = ["-f", "lavfi", "-i", `color=gray:s=${width}x${height}`, "-pix_fmt", "gray"];
  await encode([...grey, "-frames:v", "1", "-update", "1", join(MEDIA_DIR, "huge.png")]);
  const { info, indices } = await decode({ url: "/made/huge.png", way: "image" });
  expect(info.displaySize).toEqual({ width, height });
  expect(indices).toHaveLength(1);
});

/** In the worker: the browser's decoder takes five more packets once a read began, and says nothing. */
function fallSilent(): void {
  let left = Number.POSITIVE_INFINITY;
  self.addEventListener("message", ({ data }) => {
    if (data.op === "read") left = 5;
  });
  const { decode, flush } = VideoDecoder.prototype;
  VideoDecoder.prototype.decode = function (chunk) {
    if (left-- > 0) decode.call(this, chunk);
  };
  VideoDecoder.prototype.flush = function () {
    return left > 0 ? flush.call(this) : new Promise(() => undefined);
  };
}

test("a decoder that falls silent in the middle: ffmpeg.wasm goes on with the same frames", async () => {
  for (const rate of [16, "native"] as const) {
    const url = "/made/vfr.mkv";
    const all = await decode({ url, rate });
    expect(all.info.decodedBy).toBe("webcodecs");
    await page.route("**/decode.worker.ts*", async (route) => {
      const response = await route.fetch();
      // First, for the worker's own listener may hand out every packet before it returns.
      const body = `(${fallSilent})();\n${await response.text()}`;
      await route.fulfill({ response, body });
    });
    const rescued = await decode({ url, rate });
    await page.unroute("**/decode.worker.ts*");
    console.log("silent", rate, rescued.readMillis, "instead of", all.readMillis);
    expect(rescued.indices).toEqual(all.indices);
    expect(rescued.readMillis).toBeGreaterThan(2500);
  }
});

test("reads from the middle as from the start", async () => {
  for (const way of ["webcodecs", "ffmpeg.wasm"] as const) {
    const url = "/made/h264-bframes.mp4";
    const all = await decode({ url, way, rate: "native" });
    const part = await decode({ url, way, rate: "native", start: 27, end: 30 });
    expect(part.indices).toEqual(all.indices.slice(27, 30));
  }
});

for (const { file, says } of BROKEN) {
  test(`${file} is explained`, async () => {
    const failure = await page.evaluate(
      (url) => window.decodeHarness.failure(url),
      `/made/${file}`,
    );
    expect(failure.name).toBe("MediaError");
    expect(failure.message).toMatch(says);
    expect(failure.remedy).not.toBe("");
  });
}

for (const { file, least } of TRUNCATED) {
  test(`${file} opens with what it has`, async () => {
    const outcome = await decode({ url: `/made/${file}`, rate: "native" });
    expect(outcome.indices.length).toBeGreaterThanOrEqual(least);
    expect(outcome.indices.length).toBeLessThan(40);
    expect(outcome.indices.slice(0, least)).toEqual(Array.from({ length: least }, (_, i) => i));
  });
}

for (const [way, file] of [
  ["webcodecs", "vp8.webm"],
  ["ffmpeg.wasm", "vp8.webm"],
] as const) {
  test(`cancelling stops ${way}, and the clip can still be read`, async () => {
    const request: Request = { url: `/made/${file}`, way, rate: "native", fit: "cover", ...SIZE };
    const outcome = await page.evaluate((r) => window.decodeHarness.cancel(r), request);
    expect(outcome).toEqual({ error: "CancelledError", seenLater: 0, after: 3 });
  });
}
