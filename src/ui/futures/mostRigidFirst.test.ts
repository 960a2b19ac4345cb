import { expect, test } from "vitest";
import { mostRigidFirst } from "./mostRigidFirst.ts";

test("futures are ranked by rigidity, those without one last and in their order", () => {
  const futures = ["a", null, "b", "c", "d"].map((futureId) => ({ futureId }));
  const ranked = mostRigidFirst(futures, { a: 3, b: 0.4, d: 1.2 });
  expect(ranked.map(({ futureId }) => futureId)).toEqual(["b", "d", "a", null, "c"]);
});
