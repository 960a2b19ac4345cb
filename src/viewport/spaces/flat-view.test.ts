import { Matrix4, Vector3 } from "three";
import { expect, test } from "vitest";
import { panned, WHOLE_PICTURE, zoomedAbout } from "./flat-view.ts";
import { overlayClipFromTrack } from "./picture.ts";

const SIZE = { width: 832, height: 480 };
const VIEW = { width: 1000, height: 700 };

const seen = (x: number, y: number, place = WHOLE_PICTURE) => {
  const clip = overlayClipFromTrack(SIZE, VIEW, 10, new Matrix4(), place);
  const at = new Vector3(x, y, 0).applyMatrix4(clip);
  return [at.x, at.y];
};

test("what is under the pointer stays there while it is enlarged", () => {
  const at = { x: 200, y: -100 };
  const [middleX, middleY] = [SIZE.width / 2 - 0.5, SIZE.height / 2 - 0.5];
  const before = seen(middleX + at.x, middleY + at.y);
  const place = zoomedAbout(WHOLE_PICTURE, 3, at, SIZE);
  const after = seen(middleX + at.x, middleY + at.y, place);
  expect(after[0]).toBeCloseTo(before[0], 6);
  expect(after[1]).toBeCloseTo(before[1], 6);
  const [left] = seen(0, 0, place);
  const [right] = seen(1, 0, place);
  const [a] = seen(0, 0);
  const [b] = seen(1, 0);
  expect((right - left) / (b - a)).toBeCloseTo(3, 6);
});

test("it is never smaller than the whole, and its middle never leaves the picture", () => {
  expect(zoomedAbout(WHOLE_PICTURE, 0.2, { x: 50, y: 0 }, SIZE)).toEqual(WHOLE_PICTURE);
  const place = zoomedAbout(WHOLE_PICTURE, 4, { x: 0, y: 0 }, SIZE);
  expect(panned(place, 9999, -9999, SIZE)).toEqual({ zoom: 4, x: 416, y: -240 });
});
