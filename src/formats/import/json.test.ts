import { expect, test } from "vitest";
import { FormatError } from "../../domain/errors.ts";
import { jsonReader } from "./json.ts";

const load = (value: unknown) => jsonReader.loadText(JSON.stringify(value), "a.json");
const row = (frame: number, point: number, more: object = {}) => ({
  ...{ frame, point, x: 10 * point, y: frame },
  ...more,
});

test("a flag that only some rows have counts there, and the others are as usual", () => {
  const of = (more: object) => {
    const rows = [row(0, 0), row(0, 1), row(1, 0, more), row(1, 1)];
    const { arrays, hints } = load(rows);
    const { array, meaning } = hints.visibility ?? { array: "", meaning: "" };
    return [
      meaning,
      Array.from(arrays.get(array)?.data ?? [], Number)
        .toSorted()
        .join(""),
    ];
  };
  expect(of({ visible: 0 })).toEqual(["visible", "0111"]);
  expect(of({ occluded: true })).toEqual(["occluded", "0001"]);
});

test("a row that is none is refused with its number", () => {
  expect(() => load([row(0, 0), null])).toThrow(FormatError);
  expect(() => load([row(0, 0), null])).toThrow("Row 1");
});

test("visibility beside a list of tracks is theirs, and what is left out is told", () => {
  const track = [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ];
  const { arrays, hints } = load({
    tracks: [track, track],
    visibility: [
      [1, 0],
      [1, 1],
    ],
    colours: [[1, 2, 3]],
  });
  expect(Array.from(arrays.get("shown")?.data ?? [], Number)).toEqual([1, 0, 1, 1]);
  expect(hints.notes?.join(" ")).toContain("colours");
  expect(() => load({ tracks: [track], visibility: [[1]] })).toThrow("1×1");
  expect(load({ "future 1": [track], "future 2": [track] }).hints.notes?.[0]).toContain("future 2");
});
