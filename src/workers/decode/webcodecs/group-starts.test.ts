import { expect, test } from "vitest";
import { groupStartSecs } from "./group-starts.ts";

/** In decode order: a key frame is negative in the list. */
const packets = (...marks: number[]) =>
  marks.map((mark) => ({ secs: Math.abs(mark), isKey: mark < 0 }));

test("groups begin at every key frame whose pictures all come after it", () => {
  const closed = packets(-1, 4, 2, 3, -5, 8, 6, 7);
  expect(groupStartSecs(closed, "avc")).toEqual([1, 5]);
  expect(groupStartSecs(closed, "vp9")).toEqual([1, 5]);
});

test("no H.264 group begins where leading pictures look back: the browser takes it for no key frame", () => {
  const open = packets(-1, 4, 2, 3, -7, 5, 6, 10, 8, 9, -11, 12);
  expect(groupStartSecs(open, "avc")).toEqual([1, 11]);
  // Of H.265 such a picture is one, whose leading pictures are left out.
  expect(groupStartSecs(open, "hevc")).toEqual([1, 7, 11]);
});

test("none are known of no packets", () => {
  expect(groupStartSecs([], "avc")).toEqual([]);
});
