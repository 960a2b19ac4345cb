import { expect, test } from "vitest";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { forecast } from "./forecast.ts";

const file = (content: string, lastModified = 1) =>
  new File([content], "made.mp4", { lastModified });

async function forecastOf(content: string) {
  const { studio, asked } = fakeStudio();
  await openClip(studio, file(content));
  await forecast(studio);
  await expect.poll(() => studio.state.truthRevision).toBe(1);
  const { clipId } = studio.state.history.present;
  return { studio, asked, clipId };
}

const clipIdOf = ({ studio }: Awaited<ReturnType<typeof forecastOf>>) =>
  studio.state.history.present.clipId;

test("a clip that is opened again is forecast from the tracks that are there", async () => {
  const session = await forecastOf("a clip");
  const { studio, asked, clipId } = session;
  await openClip(studio, file("another"));
  await openClip(studio, file("a clip"));
  expect(clipIdOf(session)).toBe(clipId);
  expect(studio.state.status).toBe("made.mp4 is open, 100 frames");
  expect(studio.state.history.present.slots).toEqual([]);
  await forecast(studio);
  expect(studio.state.history.present.slots.map(({ seed }) => seed)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8,
  ]);
  // The past and what really followed, once each.
  expect(asked.trackedLengths).toHaveLength(2);
});

test("a file of the same name and size with other content is another clip", async () => {
  const session = await forecastOf("a clip");
  await openClip(session.studio, file("A CLIP"));
  expect(clipIdOf(session)).not.toBe(session.clipId);
  await forecast(session.studio);
  expect(session.asked.trackedLengths.length).toBeGreaterThan(2);
});

test("of a large file the last byte counts", async () => {
  const large = (last: string) => "x".repeat(17e6) + last;
  const session = await forecastOf(large("a"));
  await openClip(session.studio, file(large("b")));
  expect(clipIdOf(session)).not.toBe(session.clipId);
  await openClip(session.studio, file(large("a")));
  expect(clipIdOf(session)).toBe(session.clipId);
});

test("of a large file that was saved since every byte counts", async () => {
  const large = (at: string) => "x".repeat(3e5) + at + "x".repeat(17e6);
  const session = await forecastOf(large("a"));
  await openClip(session.studio, file(large("b"), 2));
  expect(clipIdOf(session)).not.toBe(session.clipId);
  await openClip(session.studio, file(large("a"), 3));
  expect(clipIdOf(session)).toBe(session.clipId);
});

test("at another rate it is another clip", async () => {
  const session = await forecastOf("a clip");
  await openClip(session.studio, file("a clip"), { rate: 8, fit: "cover" });
  expect(clipIdOf(session)).not.toBe(session.clipId);
});

test("what was picked on one clip is not picked on the next", async () => {
  const { studio } = await forecastOf("a clip");
  studio.state.setView({ selectedPoints: [3, 4] });
  studio.state.pickMotion("past");
  studio.state.setTransfer({ transferBox: [0, 0, 9, 9], transferPlace: [1, 2] });
  await openClip(studio, file("another"));
  expect(studio.state.view.selectedPoints).toEqual([]);
  expect(studio.state).toMatchObject({
    pickedMotion: null,
    transferBox: null,
    transferPlace: null,
  });
});
