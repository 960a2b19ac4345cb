import { expect, test } from "vitest";
import type { ClipInfo } from "../../domain/clip.ts";
import { decoderWords, rateChoice, sourceWords, typedRate, workingWords } from "./clipWords.ts";

const CLIP: ClipInfo = {
  name: "a.mp4",
  kind: "video",
  displaySize: { width: 1920, height: 1080 },
  durationSecs: 12.34,
  nativeFps: 30000 / 1001,
  nativeFrameCount: 370,
  fps: 16,
  frameCount: 197,
  frameTimesSecs: new Float64Array(197),
  codec: "avc",
  decodedBy: "webcodecs",
};
const PHOTO: ClipInfo = {
  ...CLIP,
  kind: "photo",
  codec: "jpeg",
  decodedBy: "image",
  frameCount: 1,
};

test("a clip tells its size, rate and length, who decodes it and what is made of it", () => {
  expect(sourceWords(CLIP)).toBe("1920×1080, 29.97 fps, 12.3 s");
  expect(decoderWords(CLIP)).toBe("H.264 by the browser (WebCodecs)");
  expect(workingWords(CLIP)).toBe("832×480, 197 frames at 16 fps");
});

test("a photo tells its size alone; a codec without a common name goes by its own", () => {
  expect(sourceWords(PHOTO)).toBe("1920×1080");
  expect(decoderWords(PHOTO)).toBe("JPEG by the browser");
  expect(workingWords(PHOTO)).toBe("832×480, 1 frame");
  expect(decoderWords({ ...CLIP, codec: "theora", decodedBy: "ffmpeg.wasm" })).toBe(
    "theora by ffmpeg in the page",
  );
});

test("a rate is the studio’s, the clip’s own, or typed", () => {
  expect([16, "native" as const, 24].map(rateChoice)).toEqual(["studio", "native", "typed"]);
});

test("a typed rate counts from 1 to 120", () => {
  expect(typedRate("24")).toBe(24);
  expect(typedRate("23.976")).toBe(23.976);
  for (const bad of ["", " ", "0", "0.5", "121", "-3", "fast"]) expect(typedRate(bad)).toBeNull();
});
