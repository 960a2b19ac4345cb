import { expect, test } from "vitest";
import { withCamera } from "../../engine/models/photo/testing.ts";
import { openClip } from "../../store/actions/clip.ts";
import { exploreFutures, selectExploration } from "../../store/actions/explore.ts";
import { photoStudio } from "../../store/testing-photo.ts";
import { slidersOf } from "./sliders.ts";

test("the camera has a slider where it is let go: the middle rests, the ends are shown, all else stays", async () => {
  const { studio, takeModel } = photoStudio();
  // How far, and one way, 100 px a unit.
  takeModel(withCamera(2));
  await openClip(studio, new File(["a clip"], "photo.jpg"));
  await exploreFutures(studio, 20);
  const sight = selectExploration(studio.state, studio)?.sight;
  if (!sight) throw new Error("nothing was explored");
  const base = { z: [0.5, -0.25, 0, 0], words: "base" };

  const held = await slidersOf(studio, sight, base, ["camera"]);
  expect(held.list.some(({ name }) => name.startsWith("camera"))).toBe(false);

  const { list, latentAt } = await slidersOf(studio, sight, base, []);
  expect(list).toHaveLength(held.list.length + 1);
  const [camera] = list.slice(-1);
  // The picture goes to the right, so the camera to the left.
  expect(camera).toMatchObject({ name: "camera, to the left", start: 0 });
  const [one, other] = camera.ghosts.map(({ positionsTN2 }) => positionsTN2[0]);
  expect(other - one).toBeCloseTo(200, 2);

  const still = list.map(({ start }) => start);
  expect([...latentAt(still)]).toEqual([0.5, -0.25, 0, 0]);
  const panned = latentAt(still.with(-1, 1));
  expect([...panned.subarray(0, 2)]).toEqual([0.5, -0.25]);
  expect(panned[3]).toBe(1);
});
