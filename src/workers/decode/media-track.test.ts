import { expect, test } from "vitest";
import { chooseTrack, type MediaTrackFacts } from "./media-track.ts";

const clip: MediaTrackFacts = {
  ...{ isDefault: true, isCover: false, codec: "h264", pictureCount: 60 },
  ...{ width: 320, height: 240 },
};

test("the enabled track, then the largest, then the first", () => {
  const disabled = { ...clip, isDefault: false, width: 1920, height: 1080 };
  expect(chooseTrack([disabled, clip])).toBe(1);
  expect(chooseTrack([disabled, { ...disabled, width: 640 }])).toBe(0);
  expect(chooseTrack([clip, { ...clip, width: 640, height: 480 }])).toBe(1);
  expect(chooseTrack([clip, clip])).toBe(0);
});

test("covers and thumbnails never, however the file calls them", () => {
  const cover = { ...clip, isCover: true, width: 4000, height: 4000 };
  const one = { ...clip, codec: "mjpeg", pictureCount: 1, width: 4000, height: 4000 };
  const chapters = { ...clip, codec: "mjpeg", pictureCount: 5, width: 640, height: 480 };
  for (const other of [cover, one, chapters]) expect(chooseTrack([other, clip])).toBe(1);
  expect(chooseTrack([cover])).toBe(-1);
  expect(chooseTrack([])).toBe(-1);
  // Motion JPEG alone is a clip like any other.
  expect(chooseTrack([{ ...clip, codec: "mjpeg" }])).toBe(0);
  expect(chooseTrack([one])).toBe(0);
});
