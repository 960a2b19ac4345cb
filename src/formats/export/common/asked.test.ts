import { expect, test } from "vitest";
import { EXPORT_FORMATS } from "../registry.ts";
import { choiceOf, choiceOptions, refuseUndeclared } from "./asked.ts";
import type { ExportFormat } from "./format.ts";
import { SEGMENT } from "./options.ts";

const format: ExportFormat = {
  ...EXPORT_FORMATS[0],
  defaults: { segment: "future", frames: 81 },
  options: [
    SEGMENT,
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
};

test("only what is declared may be asked, or what is written anyway", () => {
  expect(() => refuseUndeclared(format, { segment: "past", frames: 81 })).not.toThrow();
  expect(() => refuseUndeclared(format, { frames: 49 })).toThrow(/choose the frames/);
  expect(() => refuseUndeclared(format, { fps: 16 })).toThrow(/choose the frame rate/);
  expect(() => refuseUndeclared(format, { choices: { unit: "inch" } })).toThrow(/no unit “inch”/);
  expect(() => refuseUndeclared(format, { choices: { scale: "2" } })).toThrow(/no option “scale”/);
});

test("a choice is its first value unless asked", () => {
  expect(choiceOf(format, {}, "unit")).toBe("px");
  expect(choiceOf(format, { choices: { unit: "share" } }, "unit")).toBe("share");
});

test("names are unique, endings have their dot, and no choice takes the name of another flag", () => {
  const names = EXPORT_FORMATS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const flags = ["format", "out", "clip", "future", "layer", "size", "fps", "frames", "points"];
  for (const each of EXPORT_FORMATS) {
    expect(each.extension).toMatch(/^\.\w+$/);
    for (const { id, values } of choiceOptions(each)) {
      expect(flags).not.toContain(id);
      expect(values.length).toBeGreaterThan(1);
    }
  }
});
