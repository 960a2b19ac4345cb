import { expect, test } from "vitest";
import { shareOf, sharesOf } from "../../engine/exploration/share.ts";
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

test("shares that were put to the test say so, also of what no sample shows", () => {
  const happened = { still: [0, 0], other: 0.08, sources: 100 } as const;
  const { still, other } = sharesOf({ still: 190, other: 0, modes: [10] }, happened);
  expect(shareWords(still)).toBe("about 5 in 10");
  expect(shareWords(other)).toBe("about 1 in 25");
  expect(intervalWords(still)).toBe(
    "40 to 60 %, by what happened in clips that the model had not seen (190 of 200 samples)",
  );
});
