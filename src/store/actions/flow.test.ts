import { beforeEach, expect, test } from "vitest";
import type { Studio } from "../studio.ts";
import { type Asked, fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { cancel, forecast, resample, resampleOne } from "./forecast.ts";
import { toggleLock } from "./futures.ts";
import { setNow } from "./transport.ts";

let studio: Studio;
let asked: Asked;

beforeEach(() => {
  ({ studio, asked } = fakeStudio());
});

const clipFile = () => new File(["a clip"], "made.mp4");
const present = () => studio.state.history.present;
const seeds = () => present().slots.map((slot) => slot.seed);

test("from an opened clip to eight futures, then the truth", async () => {
  await openClip(studio, clipFile());
  expect(present().nowIndex).toBe(49);
  await forecast(studio);
  expect(studio.state.status).toBe("Forecast ready");
  expect(studio.state.phase).toBe("idle");
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(present().slots.every((slot) => slot.futureId)).toBe(true);
  await expect.poll(() => studio.state.truthRevision).toBe(1);
  // The past ends with "now"; the truth starts from it and runs to the clip's end.
  expect(asked.trackedLengths).toEqual([50, 51]);
  expect(asked.requests[0].inputs.history?.frameCount).toBe(50);
  expect(asked.requests[0].inputs.frame_interval).toBeCloseTo(1 / 16);
});

test("a clip that is opened while another is forecast leaves nothing of that behind", async () => {
  await openClip(studio, clipFile());
  let opened: Promise<void> | null = null;
  const stop = studio.store.subscribe(({ pending }) => {
    if (Object.keys(pending).length < 8) return;
    stop();
    opened = openClip(studio, new File(["another"], "other.mp4"));
  });
  await forecast(studio);
  expect(opened).not.toBeNull();
  await opened;
  expect(studio.state).toMatchObject({ phase: "idle", pending: {}, truthProgress: null });
  expect(studio.state.status).toContain("other.mp4 is open");
});

test("a clip that takes long to open says what is read, and how far", async () => {
  const heard: unknown[] = [];
  const stop = studio.store.subscribe(({ phase, status, done, total }) => {
    if (phase === "opening") heard.push([status, done, total]);
  });
  await openClip(studio, clipFile());
  stop();
  expect(heard).toContainEqual(["Opening made.mp4: loading the decoder for its format", 0, 0]);
  expect(heard).toContainEqual(["Opening made.mp4: reading through it", 3e8, 2e9]);
});

test("resampling keeps what is locked and tracks nothing again", async () => {
  await openClip(studio, clipFile());
  await forecast(studio);
  await expect.poll(() => studio.state.truthRevision).toBe(1);
  toggleLock(studio, 3);
  await resample(studio);
  expect(seeds()).toEqual([9, 10, 3, 11, 12, 13, 14, 15]);
  await resampleOne(studio, 1);
  expect(seeds()[0]).toBe(16);
  expect(asked.trackedLengths).toHaveLength(2);
  studio.state.undo();
  expect(seeds()[0]).toBe(9);
  studio.state.undo();
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a cancelled run leaves what had arrived, and the next run works", async () => {
  await openClip(studio, clipFile());
  await forecast(studio);
  let open: () => void = () => undefined;
  asked.gate = new Promise((resolve) => {
    open = resolve;
  });
  const run = resample(studio);
  await expect.poll(() => studio.state.phase).toBe("forecasting");
  cancel(studio);
  expect(studio.state.phase).toBe("idle");
  expect(studio.state.status).toBe("Cancelled");
  open();
  await run;
  expect(seeds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(studio.state.notice).toBeNull();
  asked.gate = null;
  await resample(studio);
  expect(studio.state.status).toBe("Forecast ready");
});

test("a bad file gives a message and leaves the work as it was", async () => {
  await openClip(studio, clipFile());
  await forecast(studio);
  const before = present();
  await openClip(studio, new File(["x"], "notes.txt"));
  expect(studio.state.notice?.message).toBe("not a video");
  expect(studio.state.notice?.remedy).toBe("Choose another file.");
  await openClip(studio, new File([], "empty.mp4"));
  expect(studio.state.notice?.message).toContain("0 bytes");
  expect(present()).toBe(before);
  expect(studio.state.phase).toBe("idle");
});

test("moving now keeps the old forecast until a new one arrives", async () => {
  await openClip(studio, clipFile());
  await forecast(studio);
  setNow(studio, 30);
  expect(present().origin?.nowIndex).toBe(49);
  expect(present().slots.every((slot) => slot.futureId)).toBe(true);
  await forecast(studio);
  expect(present().origin?.nowIndex).toBe(30);
  expect(asked.requests[1].inputs.history?.frameCount).toBe(31);
});

test("undo after opening another clip brings the first one back with its futures", async () => {
  await openClip(studio, clipFile());
  await forecast(studio);
  const before = present();
  await openClip(studio, new File(["another"], "other.mp4"));
  expect(present().slots).toHaveLength(0);
  studio.state.undo();
  expect(present()).toBe(before);
});

test("many resamples keep no more futures than undo is allowed to hold", async () => {
  await openClip(studio, clipFile());
  for (let i = 0; i < 40; i++) await resample(studio);
  expect(studio.bulk.futures.size).toBeLessThanOrEqual(128);
  studio.state.undo();
  expect(present().slots.every((slot) => studio.bulk.futures.has(slot.futureId ?? ""))).toBe(true);
});

test("of the clips that undo holds only the one on stage keeps its decoder", async () => {
  for (let i = 0; i < 9; i++) await openClip(studio, new File(["a clip"], `${i}.mp4`));
  expect(studio.bulk.clips.size).toBe(6);
  await expect.poll(() => asked.closed).toHaveLength(8);
  studio.state.undo();
  await forecast(studio);
  expect(asked.opened.at(-1)).toBe("7.mp4");
  expect(studio.state.status).toBe("Forecast ready");
});
