import { expect, test } from "vitest";
import { advance } from "./actions/transport.ts";
import type { ForecastOrigin, StudioDocument } from "./document.ts";
import { defaultNowIndex, EMPTY_DOCUMENT, timelineFrames, visibleSlots } from "./document.ts";
import { place, planSeeds } from "./slots.ts";

const origin: ForecastOrigin = {
  historyId: "clip-1@80",
  nowIndex: 80,
  nowSecs: 5,
  fps: 16,
  packId: "p",
  sampler: { solver: "euler", steps: 4 },
  clip: { name: "a.mp4", displaySize: { width: 832, height: 480 }, fit: "cover" },
};

function forecastOfThree(): StudioDocument {
  let document: StudioDocument = { ...EMPTY_DOCUMENT, clipId: "clip-1", futureCount: 3 };
  for (const [slotId, seed] of planSeeds(document, "same")) {
    document = place(document, origin, slotId, seed, { futureId: `f${seed}` });
  }
  return document;
}

test("the first forecast draws seeds 1 to K", () => {
  expect([...planSeeds({ ...EMPTY_DOCUMENT, futureCount: 3 }, "same")]).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});

test("resampling draws new seeds for unlocked futures only", () => {
  const document = forecastOfThree();
  const slots = document.slots.map((slot) => ({ ...slot, locked: slot.id === 2 }));
  expect([...planSeeds({ ...document, slots }, "fresh")]).toEqual([
    [1, 4],
    [3, 5],
  ]);
});

test("a new seed for one future reaches it even when it is locked", () => {
  const document = forecastOfThree();
  const slots = document.slots.map((slot) => ({ ...slot, locked: true }));
  expect([...planSeeds({ ...document, slots }, { slotId: 2 })]).toEqual([[2, 4]]);
});

test("from another now the locked seeds are sampled too", () => {
  const document = forecastOfThree();
  const slots = document.slots.map((slot) => ({ ...slot, locked: slot.id === 2 }));
  expect([...planSeeds({ ...document, slots }, "fresh", "clip-1@90")]).toEqual([
    [1, 4],
    [2, 2],
    [3, 5],
  ]);
  expect([...planSeeds(document, { slotId: 3 }, "clip-1@90")]).toEqual([
    [1, 1],
    [2, 2],
    [3, 4],
  ]);
});

test("an old future stays on screen until the one that replaces it arrives", () => {
  const document = place(forecastOfThree(), origin, 1, 4, { futureId: "f4" });
  expect(document.slots.map((slot) => slot.futureId)).toEqual(["f4", "f2", "f3"]);
});

test("the first future from another now replaces the whole old forecast", () => {
  const moved = { ...origin, historyId: "clip-1@90", nowIndex: 90 };
  const document = place(forecastOfThree(), moved, 1, 1, { futureId: "g1" });
  expect(document.origin).toBe(moved);
  expect(document.slots.map((slot) => slot.futureId)).toEqual(["g1", null, null]);
});

test("solo wins over hidden, and a solo on nothing shows all", () => {
  const document = forecastOfThree();
  const slots = document.slots.map((slot) => ({ ...slot, hidden: slot.id === 2 }));
  expect(visibleSlots({ ...document, slots }).map((s) => s.id)).toEqual([1, 3]);
  expect(visibleSlots({ ...document, slots, soloId: 2 }).map((s) => s.id)).toEqual([2]);
  expect(visibleSlots({ ...document, slots, soloId: 9 }).map((s) => s.id)).toEqual([1, 3]);
});

test("now starts where past and continuation are both full, when the clip allows", () => {
  expect(defaultNowIndex(162)).toBe(80);
  expect(defaultNowIndex(96)).toBe(47);
  expect(defaultNowIndex(1)).toBe(0);
});

test("the timeline reaches to the end of the horizon", () => {
  const document = { ...EMPTY_DOCUMENT, clipId: "clip-1", nowIndex: 47 };
  expect(timelineFrames(document, 96)).toBe(129);
  expect(timelineFrames(document, 500)).toBe(500);
});

test("playing loops within its range in both directions", () => {
  expect(advance(10, 1, 16, 0, 99)).toBe(26);
  expect(advance(99, 1, 1, 0, 99)).toBe(0);
  expect(advance(20, 1, 16, 10, 29)).toBe(16);
  expect(advance(11, 1, -4, 10, 19)).toBe(17);
});
