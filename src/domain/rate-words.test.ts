import { expect, test } from "vitest";
import type { ClipInfo } from "./clip.ts";
import { rateNotice } from "./rate-words.ts";

function clip(nativeFps: number, nativeFrameCount: number, fps: number): ClipInfo {
  const durationSecs = nativeFrameCount / nativeFps;
  const frameCount = fps === nativeFps ? nativeFrameCount : Math.ceil(durationSecs * fps);
  return {
    name: "a.mp4",
    kind: nativeFrameCount > 1 ? "video" : "photo",
    displaySize: { width: 320, height: 240 },
    durationSecs,
    nativeFps,
    nativeFrameCount,
    fps,
    frameCount,
    frameTimesSecs: new Float64Array(frameCount),
    codec: "avc",
    decodedBy: "webcodecs",
  };
}

test("a time lapse is told that its pictures repeat, and how often", () => {
  expect(rateNotice(clip(0.1, 30, 16))).toMatch(/0\.1 pictures a second.*about 160 frames/);
  expect(rateNotice(clip(1, 30, 16))).toMatch(/only 1 picture a second/);
});

test("a very fast clip is told how few of its pictures are left", () => {
  expect(rateNotice(clip(1000, 60, 16))).toMatch(/60 pictures.*one frame is left/);
  expect(rateNotice(clip(240, 480, 16))).toMatch(/about one of 15, 32 of 480/);
});

test("usual rates, the native rate and photos need no word", () => {
  for (const fps of [5, 10, 12.5, 24, 29.97, 60]) expect(rateNotice(clip(fps, 120, 16))).toBeNull();
  for (const fps of [0.1, 1000]) expect(rateNotice(clip(fps, 60, fps))).toBeNull();
  expect(rateNotice(clip(25, 1, 16))).toBeNull();
});
