import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { MEDIA_DIR, makeMedia } from "../../../e2e/media/make.ts";
import type { ClipDecoder } from "../../domain/ports.ts";
import { createNodeDecoder, nativeFfmpeg, wasmFfmpeg } from "./decoder.ts";

const SIZE = { width: 104, height: 60 };

beforeAll(makeMedia, 300_000);

async function readAll(decoder: ClipDecoder<string>, file: string): Promise<Buffer> {
  const clip = await decoder.open(join(MEDIA_DIR, file), { rate: 16, fit: "cover" });
  const frames: Uint8ClampedArray[] = [];
  await clip.read(0, clip.info.frameCount, SIZE, { onFrame: ({ rgba }) => frames.push(rgba) });
  return Buffer.concat(frames.map((rgba) => Buffer.from(rgba)));
}

/** Every run compiles the core anew: slow where other work takes the processor. */
const PATIENCE_MILLIS = 300_000;

for (const file of ["edit-start.mp4", "rotated-90.mp4", "mpeg4.avi"]) {
  it(
    `${file}: the core of ffmpeg.wasm gives the bits that ffmpeg gives`,
    async () => {
      const reference = (await nativeFfmpeg()) ?? wasmFfmpeg();
      const expected = await readAll(createNodeDecoder({ ffmpeg: reference }), file);
      const actual = await readAll(createNodeDecoder({ ffmpeg: wasmFfmpeg() }), file);
      expect(Buffer.compare(actual, expected)).toBe(0);
    },
    PATIENCE_MILLIS,
  );
}

it(
  "cancelling ends the core's process",
  async () => {
    const decoder = createNodeDecoder({ ffmpeg: wasmFfmpeg() });
    const clip = await decoder.open(join(MEDIA_DIR, "vp8.webm"), { rate: "native", fit: "cover" });
    const controller = new AbortController();
    const reading = clip.read(
      0,
      40,
      SIZE,
      { onFrame: () => controller.abort() },
      { signal: controller.signal },
    );
    await expect(reading).rejects.toMatchObject({ name: "CancelledError" });
  },
  PATIENCE_MILLIS,
);
