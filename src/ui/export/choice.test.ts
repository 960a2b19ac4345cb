import { describe, expect, test } from "vitest";
import type { ExportFormat } from "../../formats/export/common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "../../formats/export/common/options.ts";
import { FIRST_CHOICE, optionsOf, sizeOf } from "./choice.ts";

const all: ExportFormat = {
  name: "all",
  label: "All",
  description: "Declares every kind of option.",
  group: "Data",
  extension: ".txt",
  mediaType: "text/plain",
  futures: "each",
  defaults: { segment: "future", size: { width: 896, height: 512 } },
  options: [
    SEGMENT,
    SIZE,
    FPS,
    FRAMES,
    {
      kind: "choice",
      id: "unit",
      label: "Unit",
      values: [
        { value: "px", label: "pixels" },
        { value: "share", label: "0–1" },
      ],
    },
  ],
  write: () => ({ main: "" }),
};
const none: ExportFormat = { ...all, options: [] };
const typed = {
  ...FIRST_CHOICE,
  segment: "past",
  width: "640",
  fps: "12",
  frames: "49",
  choices: { unit: "share", other: "x" },
} as const;

test("nothing typed leaves everything to the format", () => {
  expect(optionsOf(FIRST_CHOICE, all, [0, 2], [])).toEqual({ futures: [0, 2] });
});

test("what is typed goes on where the format declares it, and nowhere else", () => {
  expect(optionsOf(typed, all, [0], [])).toEqual({
    futures: [0],
    segment: "past",
    size: { width: 640, height: 512 },
    fps: 12,
    frames: 49,
    choices: { unit: "share" },
  });
  expect(optionsOf(typed, none, [0], [])).toEqual({ futures: [0] });
});

test("a remembered choice that this format does not know is left out", () => {
  expect(optionsOf({ ...typed, choices: { unit: "inch" } }, all, [0], []).choices).toBeUndefined();
});

describe("points", () => {
  test("the selected ones in order, while there are any", () => {
    const choice = { ...FIRST_CHOICE, onlySelected: true, stride: 2 };
    expect(optionsOf(choice, all, [0], [30, 4]).points).toEqual([4, 30]);
    expect(optionsOf(choice, all, [0], []).points?.length).toBe(7 * 13);
  });
});

test("a side left empty is the usual one", () => {
  expect(sizeOf({ width: "", height: "" })).toBeUndefined();
  expect(sizeOf({ width: "", height: "240" })).toEqual({ width: 832, height: 240 });
});
