import { expect, test } from "vitest";
import { fileStem } from "./file-stem.ts";

test("names of saved files hold letters, digits and dashes of any script, and are never empty", () => {
  expect(fileStem("ä b #1 %41 'q' & (2)..mp4")).toBe("ä-b-1-41-q-2");
  expect(fileStem("猫.mov")).toBe("猫");
  expect(fileStem("???.gif")).toBe("clip");
});
