import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { BROKEN, RECIPES, type Recipe, TRUNCATED } from "../../../e2e/media/list.ts";
import { MEDIA_DIR, madeRecipes, makeMedia } from "../../../e2e/media/make.ts";
import { readIndexed } from "../../../e2e/media/picture.ts";
import type { Frame } from "../../domain/clip.ts";
import { MediaError } from "../../domain/errors.ts";
import { fitPicture, videoPxFromClipPx } from "../../domain/fitting.ts";
import type { OpenClip } from "../../domain/ports.ts";
import { nativeTiming, workingTiming } from "../../domain/timing.ts";
import { createNodeDecoder } from "./decoder.ts";

const SIZE = { width: 416, height: 240 };
const decoder = createNodeDecoder();

beforeAll(makeMedia, 300_000);

function readAt(frame: Frame, recipe: Recipe, fit: "cover" | "letterbox") {
  const { display } = recipe.expect;
  const fitting = fitPicture(display, SIZE, fit);
  return readIndexed(frame.rgba, SIZE.width, (u, v) =>
    videoPxFromClipPx(fitting, u * display.width - 0.5, v * display.height - 0.5),
  );
}

async function readAll(clip: OpenClip, start = 0, end = clip.info.frameCount): Promise<Frame[]> {
  const frames: Frame[] = [];
  await clip.read(start, end, SIZE, { onFrame: (frame) => frames.push(frame) });
  return frames;
}

describe("every clip shows the right frame at every working frame", () => {
  for (const recipe of madeRecipes()) {
    it(recipe.file, async () => {
      const clip = await decoder.open(join(MEDIA_DIR, recipe.file), { rate: 16, fit: "cover" });
      const { display, indices, timesSecs } = recipe.expect;
      expect(clip.info.displaySize).toEqual(display);
      expect(clip.info.nativeFrameCount).toBe(indices.length);
      const timing = workingTiming(nativeTiming(timesSecs), 16);
      const frames = await readAll(clip);
      expect(frames.map((f) => f.index)).toEqual(Array.from(timing.nativeIndices, (_, i) => i));
      const readings = frames.map((f) => readAt(f, recipe, "cover"));
      expect(readings.map((r) => r.index)).toEqual(
        Array.from(timing.nativeIndices, (n) => indices[n]),
      );
      expect(readings.every((r) => r.upright)).toBe(true);
    });
  }
});

it("gives every native frame at the native rate", async () => {
  const recipe = RECIPES.find((r) => r.file === "vfr.mp4") as Recipe;
  const path = join(MEDIA_DIR, recipe.file);
  const clip = await decoder.open(path, { rate: "native", fit: "letterbox" });
  const frames = await readAll(clip);
  expect(frames.map((f) => readAt(f, recipe, "letterbox").index)).toEqual(recipe.expect.indices);
});

it("reads any part of a clip as the whole reads it", async () => {
  const files = madeRecipes().map((recipe) => recipe.file);
  const varied = /^(h264-bframes|edit-start|vp9\.|mpeg2|hevc)/;
  for (const file of files.filter((name) => varied.test(name))) {
    const clip = await decoder.open(join(MEDIA_DIR, file), { rate: 16, fit: "cover" });
    const all = await readAll(clip);
    for (const start of [all.length - 1, 9, 1]) {
      const [frame] = await readAll(clip, start, start + 1);
      expect(frame.index).toBe(start);
      expect(Buffer.compare(Buffer.from(frame.rgba), Buffer.from(all[start].rgba))).toBe(0);
    }
  }
});

describe("what cannot be opened is explained", () => {
  for (const { file, says } of BROKEN) {
    it(file, async () => {
      const opening = decoder.open(join(MEDIA_DIR, file), { rate: 16, fit: "cover" });
      await expect(opening).rejects.toThrow(says);
      await expect(opening).rejects.toThrow(MediaError);
    });
  }
});

describe("a truncated clip opens with what it has", () => {
  for (const { file, least } of TRUNCATED) {
    it(file, async () => {
      const clip = await decoder.open(join(MEDIA_DIR, file), { rate: "native", fit: "cover" });
      const frames = await readAll(clip);
      expect(frames.length).toBe(clip.info.frameCount);
      expect(frames.length).toBeGreaterThanOrEqual(least);
      expect(frames.length).toBeLessThan(40);
    });
  }
});

it("stops when it is cancelled", async () => {
  const path = join(MEDIA_DIR, "vp8.webm");
  const clip = await decoder.open(path, { rate: "native", fit: "cover" });
  const controller = new AbortController();
  let seen = 0;
  const reading = clip.read(
    0,
    clip.info.frameCount,
    SIZE,
    {
      onFrame: () => {
        seen++;
        controller.abort();
      },
    },
    { signal: controller.signal },
  );
  await expect(reading).rejects.toMatchObject({ name: "CancelledError" });
  const atRejection = seen;
  await new Promise((done) => setTimeout(done, 100));
  expect(seen).toBe(atRejection);
});

it("reads hundreds of native frames at once", async () => {
  const path = join(MEDIA_DIR, "long.mp4");
  const make = [
    "-y",
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    "testsrc=s=64x48:r=30",
    "-frames:v",
    "300",
  ];
  if (spawnSync("ffmpeg", [...make, path]).status !== 0) return;
  const clip = await decoder.open(path, { rate: "native", fit: "cover" });
  expect(await readAll(clip)).toHaveLength(300);
});
