import { expect, test } from "vitest";
import { transferKind } from "../../domain/edits/transfer.ts";
import { movingTracks } from "../../engine/completion/testing.ts";
import { selectDocument } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { forecast } from "./forecast.ts";
import { magnifyPicked } from "./picked.ts";
import {
  layMotion,
  matchPlace,
  motionOfClip,
  motionOfTracks,
  pictureOfClip,
  trackedClips,
} from "./transfers.ts";

const isDancer = (x: number, y: number) => Math.abs(x - 300) < 80 && Math.abs(y - 240) < 120;

test("the motion of a clip that was open before is laid into a box of this one", async () => {
  const { studio, asked } = fakeStudio();
  await openClip(studio, new File(["a clip"], "dance.mp4"));
  await forecast(studio);
  const { origin } = selectDocument(studio.state);
  const danced = movingTracks(30, 0, (x, y) => (isDancer(x, y) ? [2, 0] : [0, 0]));
  const tracked = studio.bulk.histories.get(origin?.historyId ?? "");
  if (!tracked) throw new Error("no history");
  studio.bulk.histories.set(origin?.historyId ?? "", { ...tracked, history: danced });
  studio.bulk.truths.clear();
  expect(trackedClips(studio)).toEqual([]);
  await openClip(studio, new File(["another"], "statue.mp4"));
  await forecast(studio);
  const [clip] = trackedClips(studio);
  expect(clip).toMatchObject({ name: "made.mp4" });
  await openClip(studio, new File(["a third"], "street.mp4"));
  await forecast(studio);
  const newest = trackedClips(studio);
  expect(newest.at(-1)).toEqual(clip);
  expect(newest).toHaveLength(2);
  const motion = motionOfClip(studio, clip);
  if (!motion) throw new Error("no motion");
  await layMotion(studio, motion, { box: [400, 100, 560, 340] });
  const [edit] = selectDocument(studio.state).edits;
  if (edit.kind !== "transfer") throw new Error("no transfer");
  expect(edit).toMatchObject({ place: "box", space: "scene", gain: 1 });
  const constraints = asked.requests.at(-1)?.constraints;
  expect(constraints?.sceneTN?.some((lies) => lies > 0)).toBe(true);
  const scene = { startN2: tracked.queryXyN2, frameCount: 81 };
  const paths = transferKind.paths(edit, scene);
  for (const { point, positionsT2 } of paths) {
    const [x] = tracked.queryXyN2.subarray(2 * point);
    expect(x).toBeGreaterThan(399);
    // What moves there is as wide as the box.
    expect(positionsT2[2 * 15] - x).toBeCloseTo(32, 0);
  }
});

test("places clicked there and here, one after the other, lay a motion by pairs", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "dance.mp4"));
  await forecast(studio);
  await openClip(studio, new File(["another"], "statue.mp4"));
  await forecast(studio);
  const [clip] = trackedClips(studio);
  const picture = await pictureOfClip(studio, clip);
  expect(picture?.rgba.length).toBeGreaterThan(0);
  // A click without a place of the source is none of the matching's.
  expect(matchPlace(studio, [10, 10])).toBe(false);
  for (const [from, to] of [
    [
      [300, 200],
      [100, 100],
    ],
    [
      [400, 200],
      [100, 200],
    ],
  ] as const) {
    studio.state.setTransfer({ transferPlace: from });
    expect(matchPlace(studio, to)).toBe(true);
  }
  expect(studio.state.transferPlace).toBeNull();
  const tracks = movingTracks(20, 0, () => [2, 0]);
  const motion = motionOfTracks(studio, tracks, 16, "tracks.npy");
  await layMotion(studio, motion, { pairs: studio.state.transferPairs, points: [27, 28] });
  const [edit] = selectDocument(studio.state).edits;
  expect(edit).toMatchObject({
    place: "pairs",
    points: [27, 28],
    pairs: [
      [300, 200, 100, 100],
      [400, 200, 100, 200],
    ],
  });
});

test("tracks of another tool are a motion too; a picked thing's motion is magnified", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  const tracks = movingTracks(20, 0, (x, y) => (isDancer(x, y) ? [1, 1] : [0, 0]));
  const motion = motionOfTracks(studio, tracks, 24, "tracks.npy");
  expect(motion).toMatchObject({ from: "tracks.npy", fps: 24 });
  expect(motion.pathsNM[0]).toHaveLength(40);
  expect(magnifyPicked(studio)).toBeNull();
  studio.state.setView({ selectedPoints: [100, 101, 102] });
  studio.state.pickMotion("past");
  await magnifyPicked(studio);
  const [edit] = selectDocument(studio.state).edits;
  expect(edit).toMatchObject({ kind: "magnify", points: [100, 101, 102], gain: 8 });
});
