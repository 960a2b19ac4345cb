import { expect, test } from "vitest";
import type { GrayFrame } from "../../domain/clip.ts";
import { CutFinder } from "./cuts.ts";

const SIZE = { width: 104, height: 60 };

/** A textured picture moved right by `shift` pixels; `scene` chooses pattern and greys. */
function picture(scene: number, shift: number): GrayFrame {
  const gray = new Uint8Array(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) {
      const wave = Math.sin((x - shift) / (5 + 3 * scene)) * Math.cos(y / (4 + 5 * scene));
      gray[y * SIZE.width + x] = 60 + 70 * scene + 40 * wave;
    }
  }
  return { size: SIZE, gray };
}

function cutsOf(frames: readonly GrayFrame[]): number[] {
  const finder = new CutFinder();
  for (const [index, frame] of frames.entries()) finder.add(frame, index);
  return finder.cuts();
}

const shot = (scene: number, count: number, speed: number) =>
  Array.from({ length: count }, (_, t) => picture(scene, speed * t));

test("the first frame of each further shot is found", () => {
  expect(cutsOf([...shot(0, 12, 1), ...shot(1, 9, 1), ...shot(0, 10, 2)])).toEqual([12, 21]);
});

test("motion, even fast, is no cut, and neither is a fade", () => {
  expect(cutsOf(shot(0, 30, 9))).toEqual([]);
  const fade = Array.from({ length: 16 }, (_, t) => {
    const [from, to] = [picture(0, t), picture(1, t)];
    return { size: SIZE, gray: from.gray.map((v, i) => v + ((to.gray[i] - v) * t) / 15) };
  });
  expect(cutsOf(fade)).toEqual([]);
});

test("frames that do not follow each other are not compared", () => {
  const finder = new CutFinder();
  finder.add(picture(0, 0), 0);
  finder.add(picture(0, 1), 1);
  finder.add(picture(1, 0), 7);
  finder.add(picture(1, 1), 8);
  expect(finder.cuts()).toEqual([]);
});
