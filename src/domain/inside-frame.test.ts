import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isInsideFrame } from "./inside-frame.ts";

interface Golden {
  readonly width: number;
  readonly height: number;
  readonly points: readonly { readonly x: number; readonly y: number; readonly inside: boolean }[];
}

const goldens = JSON.parse(
  readFileSync(new URL("./testdata/inside-frame.json", import.meta.url), "utf8"),
) as Golden[];

test.each(goldens)("of $width×$height agrees with Python about every edge", (golden) => {
  expect(golden.points.length).toBeGreaterThan(20);
  for (const { x, y, inside } of golden.points) {
    expect({ x, y, inside: isInsideFrame(x, y, golden) }).toEqual({ x, y, inside });
  }
});

test("a position that is not a number lies on no frame", () => {
  expect(isInsideFrame(Number.NaN, 0, { width: 8, height: 8 })).toBe(false);
});
