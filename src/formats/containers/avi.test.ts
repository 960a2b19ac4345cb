import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aviAround } from "./avi.ts";
import { writePng } from "./png.ts";

const size = { width: 24, height: 16 };

function frame(index: number): Uint8Array {
  const rgba = new Uint8ClampedArray(4 * size.width * size.height).fill(40 * index);
  return writePng({ index, size, rgba });
}

function aviOf(frames: readonly Uint8Array[], rate: number): Buffer {
  const frameBytes = frames.map(({ length }) => length);
  const avi = aviAround({ fourcc: "MPNG", size, rate, frameBytes });
  const parts = frames.flatMap((each, i) => [
    avi.chunkHead(i),
    each,
    new Uint8Array(each.length % 2),
  ]);
  return Buffer.concat([avi.head, ...parts, avi.tail]);
}

test("the sizes that it tells are those of the file", () => {
  const bytes = aviOf([0, 1, 2].map(frame), 12.5);
  expect(bytes.toString("latin1", 0, 4)).toBe("RIFF");
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  expect(bytes.toString("latin1", 8, 12)).toBe("AVI ");
});

const hasFfmpeg = (() => {
  try {
    execFileSync("ffprobe", ["-version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test.runIf(hasFfmpeg)("ffmpeg reads every frame at the rate that was asked", () => {
  const folder = mkdtempSync(join(tmpdir(), "foretrack-avi-"));
  try {
    const path = join(folder, "a.avi");
    writeFileSync(path, aviOf([0, 1, 2, 3, 4].map(frame), 12.5));
    const told = execFileSync("ffprobe", [
      ...["-v", "error", "-count_frames", "-of", "csv=p=0"],
      ...["-show_entries", "stream=codec_name,width,height,r_frame_rate,nb_read_frames", path],
    ]);
    expect(told.toString().trim()).toBe("png,24,16,25/2,5");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("more than 2 GB are refused", () => {
  const frameBytes = Array<number>(30).fill(100_000_000);
  expect(() => aviAround({ fourcc: "MJPG", size, rate: 24, frameBytes })).toThrow(/2 GB/);
});
