import { expect, test } from "vitest";
import { openClip } from "./actions/clip.ts";
import { cancel, forecast } from "./actions/forecast.ts";
import { toggleLock } from "./actions/futures.ts";
import { seek, setNow } from "./actions/transport.ts";
import type { Studio } from "./studio.ts";
import { fakeStudio } from "./testing.ts";

const present = ({ state }: Studio) => state.history.present;

test("two studios on one page share nothing", async () => {
  const { studio: one, asked: askedOne } = fakeStudio();
  const { studio: other, asked: askedOther } = fakeStudio();
  await openClip(one, new File(["a clip"], "one.mp4"));
  expect(present(other).clipId).toBeNull();
  await openClip(other, new File(["a clip"], "other.mp4"));
  setNow(other, 30);
  seek(other, 61);

  await Promise.all([forecast(one), forecast(other)]);
  expect(one.state.status).toBe("Forecast ready");
  expect(other.state.status).toBe("Forecast ready");
  expect(present(one).origin).toMatchObject({ nowIndex: 49 });
  expect(present(other).origin).toMatchObject({ nowIndex: 30 });
  expect(askedOne.opened).toEqual(["one.mp4"]);
  expect(askedOther.opened).toEqual(["other.mp4"]);
  expect(askedOne.requests).toHaveLength(1);
  expect(askedOther.requests).toHaveLength(1);
  expect(one.bulk.histories.size).toBe(1);

  toggleLock(one, 1);
  expect(present(other).slots[0].locked).toBe(false);
  one.state.undo();
  expect(present(other).origin).not.toBeNull();
  expect(one.playhead.get()).toBe(49);
  expect(other.playhead.get()).toBe(30);
});

test("a cancel in one studio lets the other one’s run go on", async () => {
  const { studio: one, asked: askedOne } = fakeStudio();
  const { studio: other } = fakeStudio();
  await openClip(one, new File(["a clip"], "one.mp4"));
  await openClip(other, new File(["a clip"], "other.mp4"));
  let open: () => void = () => undefined;
  askedOne.gate = new Promise((resolve) => {
    open = resolve;
  });
  const run = forecast(one);
  await expect.poll(() => one.state.phase).toBe("forecasting");
  cancel(other);
  open();
  await run;
  expect(one.state.status).toBe("Forecast ready");
  expect(other.state.status).toBe("Cancelled");
});
