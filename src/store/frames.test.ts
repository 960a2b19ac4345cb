import { describe, expect, it } from "vitest";
import type { ClipInfo } from "../domain/clip.ts";
import type { OpenClip } from "../domain/ports.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { askedOf } from "../engine/tracking/luma.ts";
import { FrameCache } from "./frames.ts";

/** A clip of a hundred frames that notes what is read of it and what leaves the decoder. */
function clip() {
  const reads: [number, number][] = [];
  const pictures: number[] = [];
  const open: OpenClip = {
    info: { frameCount: 100 } as ClipInfo,
    async read(start, end, size, taps) {
      reads.push([start, end]);
      for (let index = start; index < end; index++) {
        if (!askedOf(taps, index).planar) continue;
        pictures.push(index);
        const none = new Uint8Array(0);
        taps.onPlanar?.({ size, luma: none, chroma: none }, index);
      }
    },
    close: async () => undefined,
  };
  const cache = new FrameCache(open, () => undefined);
  return { cache, reads, pictures };
}

describe("pictures of the past once the forecast is ready", () => {
  it("come in one pass, without what is there at its ends", async () => {
    const { cache, reads, pictures } = clip();
    await cache.load(39);
    await cache.load(40);
    await expect.poll(() => cache.has(51)).toBe(true);
    await cache.fill(40, 60, {});
    await expect.poll(() => cache.has(59)).toBe(true);
    expect(reads).toEqual([
      [39, 40],
      [40, 52],
      [52, 60],
    ]);
    expect(pictures).toHaveLength(21);
  });

  it("are not read where all of them are there, or the clip has gone", async () => {
    const { cache, reads } = clip();
    await cache.fill(0, 10, {});
    await expect.poll(() => cache.has(9)).toBe(true);
    await cache.fill(0, 10, {});
    cache.dispose();
    await cache.fill(20, 30, {});
    expect(reads).toEqual([[0, 10]]);
  });
});

it("a pass of others hands over the one picture that the stage waits for", async () => {
  const { cache, reads, pictures } = clip();
  const tap = cache.tapFor(WORKING_SIZE, "awaited");
  cache.get(7);
  await expect.poll(() => reads).toHaveLength(1);
  expect([5, 6, 8].some((index) => tap?.wantsPlanar?.(index))).toBe(false);
  expect(pictures).toContain(7);
  expect(cache.tapFor({ width: 416, height: 240 }, "awaited")).toBeUndefined();
});
