import { expect, type Page, test } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";

/** The renderer alone on its test page, served from source: the page is no part of the product. */
let server: ViteDevServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  server = await createServer({
    configFile: false,
    cacheDir: "test-results/vite-viewport",
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
    optimizeDeps: {
      entries: ["e2e/harness/viewport.html"],
      include: ["three", "three/addons/controls/OrbitControls.js"],
    },
  });
  await server.listen();
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const address = server.httpServer?.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await page.goto(`http://127.0.0.1:${port}/e2e/harness/viewport.html`);
  await page.waitForFunction(() => "viewportHarness" in window);
});

test.afterAll(async () => {
  await page?.close();
  await server?.close();
});

test.beforeEach(async () => {
  await page.evaluate(() => {
    const { view, sceneData, showFrame, NOW } = window.viewportHarness;
    view.resize(1280, 720, 1);
    view.setData(sceneData(3));
    view.setHover(null);
    view.setOptions({
      space: "picture",
      sideBySide: false,
      colourBy: "future",
      layers: {},
      visibleSlots: null,
      solo: null,
      stride: 1,
      selectedPoints: [],
    });
    view.showPreset("isometric", true);
    showFrame(NOW);
  });
});

/** Share of pixels that a change of options alters by more than a trace. */
async function changedShare(change: string): Promise<number> {
  return page.evaluate((code) => {
    const h = window.viewportHarness;
    const before = h.pixels();
    new Function("h", code)(h);
    const after = h.pixels();
    let changed = 0;
    for (let i = 0; i < before.length; i += 4) {
      const difference =
        Math.abs(before[i] - after[i]) +
        Math.abs(before[i + 1] - after[i + 1]) +
        Math.abs(before[i + 2] - after[i + 2]);
      if (difference > 12) changed++;
    }
    return changed / (before.length / 4);
  }, change);
}

test("draws all ribbons in one call", async () => {
  const calls = await page.evaluate(() => {
    const { view, sceneData } = window.viewportHarness;
    return [1, 8].map((count) => {
      view.setData(sceneData(count));
      view.render();
      return view.drawCalls;
    });
  });
  // Picture, ribbons, heads.
  expect(calls).toEqual([3, 3]);
});

test("shows each layer, and the playhead moves what is drawn", async () => {
  expect(await changedShare("h.view.setOptions({layers: {futures: 'off'}})")).toBeGreaterThan(0.01);
  expect(await changedShare("h.view.setOptions({layers: {history: 'off'}})")).toBeGreaterThan(
    0.002,
  );
  expect(await changedShare("h.view.setOptions({layers: {truth: 'on'}})")).toBeGreaterThan(0.005);
  expect(await changedShare("h.view.setPlayhead(h.NOW + 40)")).toBeGreaterThan(0.004);
  expect(await changedShare("h.view.setOptions({layers: {heat: 'spread'}})")).toBeGreaterThan(0.02);
});

test("colours futures by direction, speed and visibility", async () => {
  for (const colourBy of ["direction", "speed", "visibility"]) {
    const changed = await changedShare(`h.view.setOptions({colourBy: '${colourBy}'})`);
    expect(changed, colourBy).toBeGreaterThan(0.005);
  }
});

test("names the point under the pointer in both spaces", async () => {
  const hits = await page.evaluate(() => {
    const { view, NOW } = window.viewportHarness;
    const at = (space: string) => {
      view.setOptions({ space });
      view.setPlayhead(NOW);
      const found: { x: number; y: number; point: number; layer: string; frame: number }[] = [];
      for (let y = 100; y < 620; y += 20) {
        for (let x = 200; x < 1080; x += 20) {
          const hit = view.pick(x, y, 10);
          if (hit) found.push({ x, y, point: hit.point, layer: hit.layer, frame: hit.frame });
        }
      }
      return found;
    };
    return { picture: at("picture"), volume: at("space-time") };
  });
  for (const found of [hits.picture, hits.volume]) {
    expect(found.length).toBeGreaterThan(50);
    expect(new Set(found.map((hit) => hit.layer))).toContain("futures");
    for (const hit of found) {
      expect(hit.point).toBeLessThan(390);
      expect(hit.frame).toBeGreaterThanOrEqual(0);
      expect(hit.frame).toBeLessThanOrEqual(161);
    }
  }
});

test("highlights what was picked", async () => {
  const changed = await changedShare("h.view.setHover(h.view.pick(560, 400, 40))");
  expect(changed).toBeGreaterThan(0.0001);
  expect(changed).toBeLessThan(0.02);
});

test("gives every future a tile", async () => {
  const tiles = await page.evaluate(() => {
    const { view } = window.viewportHarness;
    view.setOptions({ sideBySide: true });
    view.render();
    return view.tiles().map((tile) => tile.slot);
  });
  expect(tiles).toEqual([0, 1, 2]);
});

test("shows the volume from every side", async () => {
  await page.evaluate(() => window.viewportHarness.view.setOptions({ space: "space-time" }));
  for (const preset of ["front", "side", "top", "isometric"]) {
    expect(await changedShare(`h.view.showPreset('${preset}', true)`)).toBeGreaterThan(0.05);
  }
});

test("draws the same picture after the graphics device was lost", async () => {
  const result = await page.evaluate(async () => {
    const h = window.viewportHarness;
    const gl = h.view.canvas.getContext("webgl2");
    const extension = gl?.getExtension("WEBGL_lose_context");
    if (!extension) throw new Error("no WEBGL_lose_context");
    const before = h.pixels();
    const until = async (event: string) => {
      while (!h.events.includes(event)) await new Promise((done) => setTimeout(done, 20));
    };
    extension.loseContext();
    await until("lost");
    extension.restoreContext();
    await until("restored");
    h.showFrame(h.NOW);
    const after = h.pixels();
    let changed = 0;
    for (let i = 0; i < before.length; i++) if (Math.abs(before[i] - after[i]) > 4) changed++;
    return { changed, lit: before.reduce((sum, value) => sum + (value > 60 ? 1 : 0), 0) };
  });
  expect(result.lit).toBeGreaterThan(100_000);
  expect(result.changed).toBe(0);
});

test("encodes the view as PNG", async () => {
  const bytes = await page.evaluate(async () => {
    const blob = await window.viewportHarness.view.toBlob();
    return { type: blob.type, size: blob.size };
  });
  expect(bytes.type).toBe("image/png");
  expect(bytes.size).toBeGreaterThan(50_000);
});

test("says clearly when there is no WebGL2", async () => {
  const error = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d");
    const { Viewport } = window.viewportHarness;
    try {
      new Viewport(canvas);
      return null;
    } catch (e) {
      return e instanceof Error ? { name: e.name, message: e.message } : null;
    }
  });
  expect(error?.name).toBe("RuntimeLostError");
  expect(error?.message).toContain("WebGL2");
});

test("scrubbing the space view rewrites no buffer; colours, kinds and freezing change what is drawn", async () => {
  const address = page.url();
  await page.goto(address.replace("viewport.html", "field.html"));
  await page.waitForFunction(() => "fieldHarness" in window);
  const { uploads, changed } = await page.evaluate(() => {
    const h = window.fieldHarness;
    h.view.setScene(h.scene(8, h.denseCloud(20_000, 30)));
    // Past and future are each given to the card when they are first drawn.
    h.timeFrames(8);
    h.watch();
    h.view.setFrame(-30.5);
    const before = h.pixels();
    h.timeFrames(5);
    h.view.setFrame(40.25);
    const after = h.pixels();
    return { uploads: [...h.uploads], changed: before.some((value, i) => value !== after[i]) };
  });
  expect(uploads).toEqual([]);
  expect(changed).toBe(true);
  const looks = await page.evaluate(
    (colours) => {
      const h = window.fieldHarness;
      h.view.setScene(h.scene(0));
      h.view.setFrame(-30);
      const kinds = { still: true, moving: true, unknown: true };
      const sum = (bytes: Uint8Array) =>
        bytes.reduce((all, byte, i) => (all * 31 + byte * (i % 7)) | 0, 0);
      const drawn = (options: Parameters<typeof h.view.setOptions>[0], frame = -30) => {
        h.view.setOptions({ colour: "state", shown: kinds, frozenAt: null, ...options });
        h.view.setFrame(frame);
        return sum(h.pixels());
      };
      const coloured = colours.map((colour) => drawn({ colour }));
      const split = [
        drawn({}),
        drawn({ shown: { ...kinds, still: false } }),
        drawn({ shown: { ...kinds, moving: false } }),
      ];
      const frozen = [drawn({ frozenAt: -5 }), drawn({ frozenAt: -5 }, -60), drawn({}, -5)];
      const result = { coloured, split, frozen, running: [drawn({}, -60), drawn({}, -5)] };
      h.view.setOptions({ colour: "clip", shown: { ...kinds, unknown: false }, frozenAt: null });
      return result;
    },
    ["clip", "depth", "confidence", "speed", "direction", "state"] as const,
  );
  expect(new Set(looks.coloured).size, "each colour is a picture of its own").toBe(6);
  expect(new Set(looks.split).size, "still and moving points can be left out").toBe(3);
  expect(new Set(looks.running).size, "what moves is elsewhere at another moment").toBe(2);
  expect(new Set(looks.frozen).size, "frozen, every moment shows the one held").toBe(1);
  const picked = await page.evaluate(() => {
    const h = window.fieldHarness;
    h.view.setFrame(-30);
    const without = h.pixels();
    h.view.setPicked(4);
    const withCourse = h.pixels();
    h.view.setPicked(null);
    const after = h.pixels();
    const differ = (a: Uint8Array, b: Uint8Array) => a.some((value, i) => value !== b[i]);
    return { drawn: differ(without, withCourse), gone: !differ(without, after) };
  });
  expect(picked).toEqual({ drawn: true, gone: true });
  await page.goto(address);
  await page.waitForFunction(() => "viewportHarness" in window);
});
