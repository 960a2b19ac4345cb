import type { Page } from "playwright";
import { crc32 } from "../../formats/containers/zip.ts";
import { inspectArrays } from "../../formats/import/common/inspect.ts";
import { loadArrays } from "../../formats/import/common/load.ts";
import { readTracks } from "../../formats/import/common/read.ts";
import { makeFieldNpz } from "../../formats/import/trace-anything-testing.ts";
import { openHarness } from "./browser.ts";
import { type Cost, costOf, reportCost, type Section, stopwatch } from "./measure.ts";

const FRAMES = 10;
const IMPORT_LIMIT_MILLIS = 3000;
const FRAME_LIMIT_MILLIS = 450;

/** Import of the field of 30 frames at half of 512×288, and frames of the space view at 1280×720. */
export const benchSpace: Section = async (report) => {
  const size = { frames: 30, rows: 144, columns: 256, focalPx: 430, stride: 2 };
  const bytes = makeFieldNpz(size);
  // What any reader of the archive has to do.
  const checking = stopwatch();
  crc32(bytes);
  const touch = checking();
  const since = stopwatch();
  const loaded = loadArrays(bytes, "field.npz");
  const { proposal } = inspectArrays(loaded);
  const { tracks, space } = readTracks(loaded, proposal);
  const cost = since();
  const kept = [tracks, space, space?.cloud].flatMap((part) => Object.values(part ?? {}));
  const bytesKept = kept.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
  const megabytes = Math.round(bytes.length / 1e6);
  reportCost(report, cost, {
    what: `import of a field of ${megabytes} MB`,
    reference: {
      what: "limit",
      cost: { wallMillis: IMPORT_LIMIT_MILLIS, cpuMillis: IMPORT_LIMIT_MILLIS },
    },
    note: `${(cost.cpuMillis / Math.max(1, touch.cpuMillis)).toFixed(0)} × one checksum of the bytes; ${(bytesKept / bytes.length).toFixed(1)} × their size are kept`,
  });
  const site = await openHarness();
  try {
    const page = await site.browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(new URL("e2e/harness/field.html", site.url).href);
    await page.waitForFunction(() => "fieldHarness" in window);
    const reference = {
      what: "limit",
      cost: { wallMillis: FRAME_LIMIT_MILLIS, cpuMillis: FRAME_LIMIT_MILLIS },
    };
    for (const [what, dense] of [
      ["space view of 3,000 points, 162 frames, 8 futures: a scrubbed frame", 0],
      ["the same with a field of 1.1 million points", 1_105_920],
    ] as const) {
      reportCost(report, await costOfFrame(page, dense), { what, reference });
    }
  } finally {
    await site.close();
  }
};

async function costOfFrame(page: Page, dense: number): Promise<Cost> {
  await page.evaluate((count) => {
    const { view, scene, denseCloud, timeFrames } = window.fieldHarness;
    view.setScene(scene(8, count > 0 ? denseCloud(count, 30) : undefined));
    timeFrames(2);
  }, dense);
  const { wallMillis, cpuMillis } = await costOf(() =>
    page.evaluate((frames) => window.fieldHarness.timeFrames(frames), FRAMES),
  );
  return { wallMillis: wallMillis / FRAMES, cpuMillis: cpuMillis / FRAMES };
}
