import { expect, test } from "vitest";
import { staleWords } from "./staleWords.ts";

test("futures of other edits are named, those that a lock keeps apart", () => {
  const slot = (id: number, locked = false) => ({ id, locked });
  expect(staleWords([])).toBeNull();
  expect(staleWords([slot(2)])).toBe(
    "Future 2 is made with other edits. Press Forecast to follow these.",
  );
  expect(staleWords([slot(1), slot(2), slot(4, true)])).toBe(
    "Futures 1 and 2 are made with other edits. Press Forecast to follow these. Future 4 is locked and made with other edits.",
  );
});
