import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawIndexed, readIndexed } from "../../../e2e/media/picture.ts";
import { fitPicture, videoPxFromClipPx } from "../../domain/fitting.ts";
import { createNodeDecoder } from "./decoder.ts";

const STORED = { width: 320, height: 240 };
const SIZE = { width: 208, height: 120 };
const OPTIONS = { rate: "native", fit: "cover" } as const;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pictures-"));
  for (let i = 0; i < 12; i++) {
    const raw = { ...STORED, channels: 3 } as const;
    const picture = sharp(drawIndexed(i, STORED), { raw });
    // One of them lies on its side in the file, as cameras write it.
    if (i === 4) picture.rotate(270).withMetadata({ orientation: 6 });
    await picture.png().toFile(join(folder, `shot ${i}.png`));
  }
  await writeFile(join(folder, "notes.txt"), "no picture");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("numbered pictures of a folder are a clip, in the order of their numbers", async () => {
  const clip = await createNodeDecoder({ pictureRate: 24 }).open(folder, OPTIONS);
  expect(clip.info).toMatchObject({ kind: "video", nativeFps: 24, frameCount: 12 });
  expect(clip.info.displaySize).toEqual(STORED);
  const fitting = fitPicture(STORED, SIZE, "cover");
  const seen: number[] = [];
  await clip.read(0, 12, SIZE, {
    onFrame({ rgba }) {
      const { index, upright } = readIndexed(rgba, SIZE.width, (u, v) =>
        videoPxFromClipPx(fitting, u * STORED.width - 0.5, v * STORED.height - 0.5),
      );
      expect(upright).toBe(true);
      seen.push(index);
    },
  });
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("without a rate, and without a row of numbers, a folder is no clip", async () => {
  const opening = createNodeDecoder().open(folder, OPTIONS);
  await expect(opening).rejects.toMatchObject({ name: "MediaError", remedy: /--pictures/ });
  const none = createNodeDecoder({ pictureRate: 24 }).open(tmpdir(), OPTIONS);
  await expect(none).rejects.toThrow(/without a row of numbered pictures/);
});
