import { expect, test } from "vitest";
import type { ClipInfo, GrayFrame } from "../domain/clip.ts";
import { CancelledError } from "../domain/errors.ts";
import type { PackGeometry } from "../domain/pack/geometry.ts";
import type { OpenClip } from "../domain/ports.ts";
import { readingAhead } from "./read-ahead.ts";

const SIZE = { width: 2, height: 1 };
const NOW = 5;
const GEOMETRY = { horizonFrames: 4, referenceFrame: "last-history" } as PackGeometry;

/** A clip of 20 frames of its own index, that tells which stretches were decoded. */
function countedClip(failAt = Number.POSITIVE_INFINITY) {
  const reads: string[] = [];
  const clip: OpenClip = {
    info: { frameCount: 20 } as ClipInfo,
    async read(start, end, size, { onLuma }, job) {
      reads.push(`${start}-${end}`);
      for (let index = start; index < end; index++) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (job?.signal?.aborted) throw new CancelledError();
        if (index === failAt) throw new Error("damaged");
        onLuma?.({ size, gray: new Uint8Array(2).fill(index) }, index);
      }
    },
    close: async () => undefined,
  };
  return { clip, reads };
}

async function lumaOf(clip: OpenClip, start: number, end: number, signal?: AbortSignal) {
  const heard: [number, number][] = [];
  const onLuma = ({ gray }: GrayFrame, index: number) => heard.push([index, gray[0]]);
  await clip.read(start, end, SIZE, { onLuma }, signal ? { signal } : {});
  return heard;
}

const frames = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, k) => [start + k, start + k]);

test("past and what followed are decoded in one pass, each heard in order", async () => {
  const { clip, reads } = countedClip();
  await readingAhead(clip, NOW, GEOMETRY, async (ahead) => {
    expect(await lumaOf(ahead, 0, NOW + 1)).toEqual(frames(0, 6));
    expect(await lumaOf(ahead, NOW, NOW + 5)).toEqual(frames(5, 10));
    expect(reads).toEqual(["0-10"]);
    // What was let go, and what lies beyond, is read anew.
    expect(await lumaOf(ahead, 2, 4)).toEqual(frames(2, 4));
    expect(await lumaOf(ahead, 7, 9)).toEqual(frames(7, 9));
    expect(await lumaOf(ahead, 8, 12)).toEqual(frames(8, 12));
  });
  expect(reads).toEqual(["0-10", "2-4", "7-9", "8-12"]);
});

test("a fault in what followed is told where that is asked for", async () => {
  const { clip } = countedClip(8);
  await readingAhead(clip, NOW, GEOMETRY, async (ahead) => {
    expect(await lumaOf(ahead, 0, NOW + 1)).toHaveLength(6);
    await expect(lumaOf(ahead, NOW, NOW + 5)).rejects.toThrow("damaged");
  });
});

test("a cancel ends the wait at once, and the end of the work the pass", async () => {
  const { clip } = countedClip();
  const controller = new AbortController();
  const work = readingAhead(clip, NOW, GEOMETRY, (ahead) =>
    lumaOf(ahead, 0, NOW + 1, controller.signal),
  );
  controller.abort();
  await expect(work).rejects.toBeInstanceOf(CancelledError);
});
