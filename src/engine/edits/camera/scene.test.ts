import { describe, expect, test } from "vitest";
import { createConstraints } from "../../../domain/constraints.ts";
import { bodyOf } from "../../../domain/edits/body.ts";
import { cameraOf } from "../../../domain/edits/camera.ts";
import { dragOf } from "../../../domain/edits/drag.ts";
import { type Pose, turnAbout, type Vector } from "../../../domain/pose.ts";
import { WORKING_SIZE } from "../../../domain/studio-defaults.ts";
import { planCompletion } from "../../completion/complete.ts";
import { futureOf, historyOf, positionAt } from "../../completion/testing.ts";
import { compileEdits } from "../compile.ts";
import { CAMERA_CASES, exactAssumed, parallaxAssumed, scoreCamera } from "./testing.ts";

const names = { id: "a", name: "A" };
const FRAMES = 25;
const history = historyOf(() => [0, 0]);
const startN2 = history.tracksTN2.subarray(-2 * history.pointCount);

test.each(Object.keys(CAMERA_CASES))(
  "%s over the scene's true depth: tracks to a pixel, what is hidden is told",
  (name) => {
    const { epePx, visibility } = scoreCamera(name, exactAssumed());
    expect(epePx).toBeLessThan(1);
    expect(visibility).toBeGreaterThan(0.95);
  },
);

test("what is assumed wrongly costs pixels, and only where depth matters", () => {
  const wrong = exactAssumed({ depthRatio: 1.3 });
  expect(scoreCamera("pan 10°", wrong).epePx).toBeLessThan(0.1);
  expect(scoreCamera("orbit 20°", wrong).epePx).toBeGreaterThan(1);
  // A field of view that is 30 % off is told by how far things go, but not ahead or back along it.
  const wider = exactAssumed({ fov: 1.3 });
  for (const name of ["dolly 0.3", "dolly zoom 0.3"])
    expect(scoreCamera(name, wider).epePx).toBeLessThan(0.1);
  for (const name of ["pan 10°", "orbit 20°"])
    expect(scoreCamera(name, wider).epePx).toBeGreaterThan(10);
});

/** The forecast's own camera goes half a metre to the right and a little ahead, turning as it goes. */
const own = (u: number): Pose => ({
  rotation: turnAbout("y", (4 * u * Math.PI) / 180),
  translation: [-0.5 * u, 0.05 * u, -0.3 * u],
});
/** One point in nine walks half a metre to the left. */
const moved = (n: number, u: number): Vector => [n % 9 === 0 ? -0.5 * u : 0, 0, 0];

describe.each(Object.keys(CAMERA_CASES))("%s of a forecast whose own camera travels", (name) => {
  test.each([false, true])(
    "over true depth tracks are right to a pixel, movers too (on top: %s)",
    (adds) => {
      const { epePx } = scoreCamera(name, exactAssumed(), { own, adds, moved });
      expect(epePx).toBeLessThan(1);
    },
  );

  test("over the relief that the clip's parallax tells, to a pixel too", async () => {
    const assumed = await parallax;
    const { epePx } = scoreCamera(name, assumed, { own, moved });
    expect(epePx).toBeLessThan(1);
  });
});

const parallax = parallaxAssumed([0.4, 0.05, 0.3], 0.3);

/** Frame 24 of what edits make of a future in which one point goes right by 4 px a frame. */
function lastOf(edits: Parameters<typeof compileEdits>[0], mover: number, pans = true) {
  const future = futureOf(() => [0, 0], FRAMES);
  for (let t = 0; t < FRAMES; t++) {
    // The forecast's own camera pans; the mover moves over that.
    if (pans) future.cameraPathT6?.set([1, 0, 5 * (t + 1), 0, 1, 0], 6 * t);
    for (let n = 0; n < history.pointCount; n++) {
      const own = (pans ? 5 : 0) + (n === mover ? 4 : 0);
      future.tracks.tracksTN2[2 * (t * history.pointCount + n)] += own * (t + 1);
    }
  }
  const constraints =
    compileEdits(edits, history, FRAMES) ?? createConstraints(FRAMES, history.pointCount);
  const { tracks } = planCompletion(constraints, history, WORKING_SIZE).complete(future);
  return (point: number) => positionAt(tracks, FRAMES - 1, point);
}

const assumed = exactAssumed();
const POINT = 200;
const [X, Y] = [startN2[2 * POINT], startN2[2 * POINT + 1]];

test("a still camera takes the forecast's own away and leaves what objects do", () => {
  const still = cameraOf(names, "still", [415.5, 239.5], assumed, FRAMES);
  const at = lastOf([still], POINT);
  expect(at(POINT)).toEqual([expect.closeTo(X + 100, 2), expect.closeTo(Y, 2)]);
  expect(at(0)[0]).toBeCloseTo(startN2[0], 2);
  const onTop = lastOf([{ ...still, adds: true }], POINT);
  expect(onTop(0)[0]).toBeCloseTo(startN2[0] + 125, 2);
});

test("an object moves in the picture of “now” first and is then seen by the camera", () => {
  const zoom = { ...cameraOf(names, "zoom", [415.5, 239.5], assumed, FRAMES), amount: 1.5 };
  const [x, y] = lastOf([zoom], POINT)(POINT);
  // The sum of displacements would leave it 0.5·100 px short.
  expect([x, y]).toEqual([
    expect.closeTo(415.5 + 1.5 * (X + 100 - 415.5), 1),
    expect.closeTo(239.5 + 1.5 * (Y - 239.5), 1),
  ]);
});

test("a drag of the scene is carried by the camera, one of the screen is not", () => {
  const roll = { ...cameraOf(names, "roll", [415.5, 239.5], assumed, FRAMES), amount: 30 };
  const path = [[X, Y, 0] as const, [X + 60, Y, 1000] as const];
  const drag = { ...dragOf({ id: "d", name: "D" }, [0, FRAMES - 1], path, "even"), radius: 8 };
  const screen = lastOf([roll, drag], -1, false);
  expect(screen(POINT)).toEqual([expect.closeTo(X + 60, 2), expect.closeTo(Y, 2)]);
  const scene = lastOf([roll, { ...drag, space: "scene" }], -1, false);
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const [ox, oy] = [X + 60 - 415.5, Y - 239.5];
  expect(scene(POINT)).toEqual([
    expect.closeTo(415.5 + c * ox + s * oy, 1),
    expect.closeTo(239.5 - s * ox + c * oy, 1),
  ]);
});

test("a turned ball under a camera is seen through it, its far side hidden", () => {
  const ball = bodyOf({ id: "b", name: "B" }, "ball", [X, Y], [100, 100], FRAMES);
  const samples: [number, number, number][] = [
    [X, Y, 0],
    [X + 60, Y, 1000],
  ];
  const zoom = cameraOf(names, "zoom", [415.5, 239.5], assumed, FRAMES);
  const edits = [{ ...ball, space: "scene" as const, samples }, zoom];
  const constraints = compileEdits(edits, history, FRAMES);
  const hidden = constraints?.visibilityTN
    ?.subarray(-history.pointCount)
    .some((seen) => seen === 0);
  expect(hidden).toBe(true);
  const [x] = lastOf(edits, -1, false)(POINT);
  expect(x).toBeCloseTo(415.5 + 1.5 * (X + 60 - 415.5), 1);
});
