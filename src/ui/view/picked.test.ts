import { expect, test } from "vitest";
import { pickedPoints, pickedText } from "./picked.ts";

test("picked points are named by row and column, there and back", () => {
  const points = [0, 25, 26, 389];
  expect(pickedText(points)).toBe("1-1, 1-26, 2-1, 15-26");
  expect(pickedPoints(pickedText(points))).toEqual(points);
  expect(pickedPoints(" 2-1;2 : 1 , 3.4 ")).toEqual([26, 55]);
  expect(pickedPoints("")).toEqual([]);
});

test.each(["16-1", "1-27", "0-3", "7", "a-b", "1-2-3"])("%s names no point", (text) => {
  expect(pickedPoints(text)).toBeNull();
});
