import { relative } from "node:path";
import type { Page } from "playwright";
import type { ClipInfo } from "../../domain/clip.ts";
import { HISTORY_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import {
  createNodeDecoder,
  type Ffmpeg,
  nativeFfmpeg,
  wasmFfmpeg,
} from "../node-decode/decoder.ts";
import { openHarness, ROOT } from "./browser.ts";
import { benchClip } from "./clip.ts";
import { compareCosts, reportCost, type Section } from "./measure.ts";
import { drainProgram } from "./program.ts";

const SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
const REPEATS = 3;

/** 81 frames of the clip at working size, beside ffmpeg that writes the same frames as raw rgb24. */
export const benchDecode: Section = async (report, skip) => {
  const native = await nativeFfmpeg();
  if (!native) {
    skip("no ffmpeg on the PATH: neither the clip nor the reference can be made");
    return;
  }
  const path = await benchClip();
  const raw = [
    ...["-v", "error", "-nostdin", "-i", path, "-frames:v", String(HISTORY_FRAMES)],
    ...["-vf", `scale=${WORKING_WIDTH}:${WORKING_HEIGHT}`],
    ...["-pix_fmt", "rgb24", "-f", "rawvideo", "-"],
  ];
  const site = await openHarness();
  try {
    const page = await site.browser.newPage();
    await page.goto(new URL("e2e/harness/decode.html", site.url).href);
    await page.waitForFunction(() => "decodeHarness" in window);
    const url = `/${relative(ROOT, path).split("\\").join("/")}`;
    const costs = await compareCosts(
      {
        reference: () => drainProgram("ffmpeg", raw),
        native: () => readFrames(native, path),
        wasm: () => readFrames(wasmFfmpeg(), path),
        webcodecs: () => readInPage(page, url, "webcodecs", "pictures"),
        pageLuma: () => readInPage(page, url, "webcodecs", "luma"),
        pageWasm: () => readInPage(page, url, "ffmpeg.wasm", "pictures"),
      },
      REPEATS,
    );
    const { reference, ...ours } = costs;
    for (const [key, cost] of Object.entries(ours)) {
      reportCost(report, cost, {
        what: `${HISTORY_FRAMES} frames of 720p ${WAYS[key as keyof typeof ours]}, opening included`,
        reference: { what: "ffmpeg, raw rgb24", cost: reference },
      });
    }
  } finally {
    await site.close();
  }
};

const WAYS = {
  native: "in Node by ffmpeg",
  wasm: "in Node by ffmpeg.wasm",
  webcodecs: "in the page by WebCodecs",
  pageLuma: "as luma for the tracker, in the page by WebCodecs",
  pageWasm: "in the page by ffmpeg.wasm",
} as const;

async function readInPage(
  page: Page,
  url: string,
  way: ClipInfo["decodedBy"],
  what: "pictures" | "luma",
): Promise<void> {
  const request = {
    url,
    way,
    rate: "native",
    fit: "cover",
    start: 0,
    end: HISTORY_FRAMES,
    ...SIZE,
  } as const;
  const frames = await page.evaluate(([wanted, kind]) => window.decodeHarness.count(wanted, kind), [
    request,
    what,
  ] as const);
  if (frames !== HISTORY_FRAMES) throw new Error(`decoded ${frames} frames`);
}

async function readFrames(ffmpeg: Ffmpeg, path: string): Promise<void> {
  const clip = await createNodeDecoder({ ffmpeg }).open(path, { rate: "native", fit: "cover" });
  let frames = 0;
  await clip.read(0, HISTORY_FRAMES, SIZE, { onFrame: () => void frames++ });
  await clip.close();
  if (frames !== HISTORY_FRAMES) throw new Error(`decoded ${frames} frames`);
}
