import { expect, test } from "vitest";
import {
  certaintyWords,
  piecesWords,
  progressWords,
  shareWords,
  UNKNOWN_WORDS,
} from "./reliefWords.ts";

test("where nothing is known no number is shown", () => {
  for (const words of Object.values(UNKNOWN_WORDS)) {
    expect(words).toMatch(/^Unknown: /);
    expect(words).not.toMatch(/\d/);
  }
});

test("progress says what is being done and how far it is", () => {
  expect(progressWords({ stage: "Tracking", done: 0, total: 0 })).toBe("Working");
  expect(progressWords({ stage: "Relief", done: 82, total: 330 })).toBe("Relief, 24 %");
});

test("a relief of which large parts are unknown says why", () => {
  const relief = {
    ...{ id: "a", why: null, pointCount: 390, parallaxPx: 2, sigmaLog: 0.13, curvesPx: 0.24 },
    focal: { px: 799, isGuess: true },
    ground: 0,
  };
  expect(piecesWords({ ...relief, still: 0.19, moving: 0.23 })).toMatch(/asphalt/);
  const whole = { ...relief, still: 0.73, moving: 0.1 };
  expect(piecesWords(whole)).toBe("");
  expect(certaintyWords(whole)).toContain("curves within 0.2 px");
  expect(shareWords(whole)).toBe("still 73 % · moving 10 % · unknown 17 %");
  const drive = { ...relief, still: 0.13, moving: 0.07, ground: 0.47 };
  expect(shareWords(drive)).toBe("still 13 % · moving 7 % · as level ground 47 % · unknown 33 %");
  expect(piecesWords(drive)).toBe("");
});
