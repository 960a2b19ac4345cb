import { expect, test } from "vitest";
import { withFrames } from "../edits.ts";
import { gridQueryXyN2 } from "../grid.ts";
import { type EditGround, moveEdits } from "./ground.ts";
import { takeKind, takeOf } from "./take.ts";

const startN2 = gridQueryXyN2();
const scene = { startN2, frameCount: 81 };
/** Goes right by 2 px a frame from (16, 16). */
const path = Array.from({ length: 81 }, (_, t) => [16 + 2 * (t + 1), 16]).flat();
const take = takeOf({ id: "a", name: "A" }, [0], [path], { space: "screen", from: "future 3" });
const xAt = (edit = take, frame = 0) => {
  const [{ positionsT2 }] = takeKind.paths(edit, scene);
  return positionsT2[2 * (frame - edit.frames[0])];
};

test("a take is where the future had its points; trimmed, a part of it; moved, later", () => {
  expect(take.frames).toEqual([0, 80]);
  expect([xAt(take, 0), xAt(take, 80)]).toEqual([18, 178]);
  const part = withFrames(take, [10, 20]);
  if (part.kind !== "take") throw new Error("another kind");
  expect([xAt(part, 10), xAt(part, 20)]).toEqual([38, 58]);
  const later = withFrames(part, [15, 25]);
  if (later.kind !== "take") throw new Error("another kind");
  expect([xAt(later, 15), xAt(later, 25)]).toEqual([38, 58]);
});

test("points that a scene lacks are left out; frames after the paths' end keep the last place", () => {
  const two = { ...take, points: [0, 9999], pathsNM: [path.slice(0, 20), path] };
  const paths = takeKind.paths(two, scene);
  expect(paths).toHaveLength(1);
  expect(paths[0].positionsT2[160]).toBe(36);
});

test("over another clip the way from now is kept, at the seconds that it had", () => {
  const ground: EditGround = {
    ...scene,
    frame: { width: 832, height: 480 },
    fps: 16,
    nowSecs: 1,
    clip: { name: "a.mp4", displaySize: { width: 832, height: 480 }, fit: "cover" },
  };
  const half = {
    ...ground,
    startN2: gridQueryXyN2("cell-centre", { rows: 15, columns: 26, width: 416, height: 240 }),
    frame: { width: 416, height: 240 },
    fps: 32,
  };
  const [moved] = moveEdits([take], ground, half).edits;
  if (moved.kind !== "take") throw new Error("another kind");
  const [{ positionsT2 }] = takeKind.paths(moved, half);
  // Frame 79 is 2.5 s after "now": 40 frames there, 80 px, 40 px in a picture of half the size.
  expect(positionsT2[2 * (79 - moved.frames[0])]).toBeCloseTo(8 + 40, 1);
  expect(moveEdits([take], ground, ground).edits[0]).toMatchObject({
    points: [0],
    pathsNM: [path],
  });
});
