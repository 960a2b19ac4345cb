import { expect, test } from "vitest";
import { progressWords, UNKNOWN_WORDS } from "./reliefWords.ts";

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
