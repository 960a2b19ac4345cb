import { expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import type { ForecastOrigin } from "../../store/document.ts";
import { movedNowWords, staleWords } from "./staleWords.ts";

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

test("a “now” that has moved is told where there are edits", () => {
  const origin: ForecastOrigin = {
    ...{ historyId: "h", nowIndex: 40, nowSecs: 2.5, fps: 16, packId: "p", sampler: null },
    clip: { name: "a.mp4", displaySize: { width: 832, height: 480 }, fit: "cover" },
  };
  const edits = [pinOf("a", "Pin 1", 5, 40, [100, 60])];
  expect(movedNowWords({ edits, origin, nowIndex: 40 })).toBeNull();
  expect(movedNowWords({ edits: [], origin, nowIndex: 50 })).toBeNull();
  expect(movedNowWords({ edits, origin, nowIndex: 50 })).toMatch(/keep their places in the frame/);
});
