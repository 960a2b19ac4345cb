import { expect, test } from "vitest";
import { modelThreads } from "./model-threads.ts";

test("one core stays free of the model's threads, and a page that is not isolated has one", () => {
  expect([0, 1, 2, 3, 4, 8, 64].map((cores) => modelThreads(cores, true))).toEqual([
    1, 1, 1, 2, 3, 4, 4,
  ]);
  expect(modelThreads(8, false)).toBe(1);
});
