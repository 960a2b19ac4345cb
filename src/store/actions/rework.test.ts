import { expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { selectDocument } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { putEdit } from "./edits.ts";
import { forecast } from "./forecast.ts";
import { reworkClip } from "./rework.ts";
import { setNow } from "./transport.ts";

test("another rate keeps the time of now and playhead, and lays the edits over the new frames: one undo step", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "made.mp4"));
  setNow(studio, 40);
  await forecast(studio);
  const pin = pinOf("a", "Pin 1", 27, 39, [78, 88]);
  putEdit(studio, pin);
  studio.playhead.set(60);
  const before = selectDocument(studio.state);

  await reworkClip(studio, { rate: 8, fit: "cover" });
  const after = selectDocument(studio.state);
  // "Now" at 2.5 s; the pin's frame is 40 sixteenths after it, 20 eighths.
  expect(after.nowIndex).toBe(20);
  expect(after.edits).toEqual([{ ...pin, frames: [19, 19] }]);
  expect(studio.playhead.get()).toBe(30);
  expect(studio.state.notice).toMatchObject({ kind: "info", remedy: /times in seconds are kept/ });
  studio.state.undo();
  expect(selectDocument(studio.state)).toEqual(before);
});

test("another crop keeps where the edits lie in the picture; without any nothing is told", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await reworkClip(studio, { rate: 16, fit: "letterbox" });
  expect(studio.state.notice).toBeNull();
  putEdit(studio, pinOf("a", "Pin 1", 27, 39, [78, 88]));
  await reworkClip(studio, { rate: 16, fit: "cover" });
  // The made clip has the shape of the frame: both crops are the same.
  expect(selectDocument(studio.state).edits).toMatchObject([{ at: [78, 88], frames: [39, 39] }]);
});
