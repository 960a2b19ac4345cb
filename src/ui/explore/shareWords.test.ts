import { expect, test } from "vitest";
import { shareOf } from "../../engine/exploration/share.ts";
import { intervalWords, shareWords } from "./shareWords.ts";

test("shares are said in tenths, rare ones as one in so many", () => {
  expect(shareWords(shareOf(40, 200))).toBe("about 2 in 10");
  expect(shareWords(shareOf(5, 200))).toBe("about 1 in 40");
  expect(shareWords(shareOf(0, 200))).toBe("none of 200");
  expect(shareWords(shareOf(199, 200))).toBe("nearly all");
  expect(intervalWords(shareOf(40, 200))).toBe(
    "15 to 26 % of the model’s futures (40 of 200 samples)",
  );
});
