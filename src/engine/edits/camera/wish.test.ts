import { describe, expect, test } from "vitest";
import { type CameraEdit, cameraOf } from "../../../domain/edits/camera.ts";
import { keysOfPath } from "../../../domain/edits/camera-keys.ts";
import type { CameraMove } from "../../../domain/edits/camera-moves.ts";
import { type Assumed, defaultAssumed } from "../../../domain/edits/depth.ts";
import { editSchema } from "../../../domain/edits.ts";
import {
  eyeOf,
  focalPxOfFov,
  frameCentre,
  videoPxFromWorld,
  worldFromVideoPx,
} from "../../../domain/pinhole.ts";
import { inverseDepthAt } from "../../../domain/relief.ts";
import { cameraWish } from "./wish.ts";

const SIZE = { width: 832, height: 480 };
const FRAMES = 21;
const assumed: Assumed = defaultAssumed(SIZE);
const [CX, CY] = frameCentre(SIZE);

const camera = (move: CameraMove, part: Partial<CameraEdit> = {}): CameraEdit => ({
  ...cameraOf({ id: move, name: move }, move, [CX, CY + 100], assumed, FRAMES),
  ...part,
});

function wished(...edits: readonly CameraEdit[]) {
  const wish = cameraWish(edits, FRAMES, SIZE);
  if (!wish) throw new Error("no camera");
  return wish;
}

/** Where a place of the picture of "now" is seen in a frame. */
function seen(wish: ReturnType<typeof wished>, [x, y]: readonly [number, number], t: number) {
  const depth = 1 / inverseDepthAt(wish.relief, SIZE, x, y);
  const world = worldFromVideoPx(wish.nowFocalPx, [CX, CY], x, y, depth);
  return videoPxFromWorld(wish.path, t, world);
}

const LAST = FRAMES - 1;

describe("moves of the camera", () => {
  test.each([
    "pan",
    "tilt",
    "roll",
    "zoom",
    "truck",
    "pedestal",
    "dolly",
    "dolly-zoom",
    "orbit",
    "circle",
    "arc",
    "handheld",
    "still",
  ] as const)("%s starts with the picture of “now”", (move) => {
    const wish = wished(camera(move));
    for (const place of [
      [100, 300],
      [700, 60],
    ] as const) {
      const [x, y] = seen(wish, place, 0);
      const slack = move === "handheld" ? 20 : 0.01;
      expect(Math.hypot(x - place[0], y - place[1])).toBeLessThan(slack);
    }
  });

  test("a pan to the right moves the picture left by f·tan, wherever it is deep", () => {
    const wish = wished(camera("pan", { amount: 10 }));
    const f = focalPxOfFov(55, SIZE);
    expect(seen(wish, [CX, CY], LAST)[0]).toBeCloseTo(CX - f * Math.tan(Math.PI / 18), 2);
  });

  test("tilt up, pedestal up and dolly forward do as they say", () => {
    const middle: [number, number] = [CX, CY + 100];
    expect(seen(wished(camera("tilt")), middle, LAST)[1]).toBeGreaterThan(CY + 110);
    expect(seen(wished(camera("pedestal")), middle, LAST)[1]).toBeGreaterThan(CY + 110);
    expect(seen(wished(camera("dolly")), middle, LAST)[1]).toBeGreaterThan(CY + 110);
    // The eye itself: y points down.
    expect(eyeOf(wished(camera("pedestal")).path, LAST)[1]).toBeLessThan(0);
    expect(eyeOf(wished(camera("truck")).path, LAST)[0]).toBeGreaterThan(0);
  });

  test("a zoom by 1.5 is about the centre, a roll turns against the camera", () => {
    const [x, y] = seen(wished(camera("zoom")), [CX + 100, CY - 40], LAST);
    expect([x, y]).toEqual([expect.closeTo(CX + 150, 2), expect.closeTo(CY - 60, 2)]);
    const [rx, ry] = seen(wished(camera("roll", { amount: 90 })), [CX + 100, CY], LAST);
    expect([rx, ry]).toEqual([expect.closeTo(CX, 2), expect.closeTo(CY - 100, 2)]);
  });

  test("orbit, arc, circle and dolly zoom keep the pivot where it is, and its size", () => {
    for (const move of ["orbit", "arc", "circle"] as const) {
      const wish = wished(camera(move));
      for (const t of [5, 13, LAST]) {
        const [x, y] = seen(wish, [CX, CY + 100], t);
        expect(Math.hypot(x - CX, y - CY - 100)).toBeLessThan(move === "circle" ? 0.5 : 0.01);
      }
    }
    const zoomed = wished(camera("dolly-zoom", { pivot: [CX, CY], amount: 0.4 }));
    const [x, y, depth] = seen(zoomed, [CX, CY], LAST);
    expect([x, y]).toEqual([expect.closeTo(CX, 3), expect.closeTo(CY, 3)]);
    const now = 1 / inverseDepthAt(zoomed.relief, SIZE, CX, CY);
    expect(zoomed.path.focalPxT[LAST] / depth).toBeCloseTo(zoomed.nowFocalPx / now, 2);
    // What is nearer grows towards the rim.
    expect(seen(zoomed, [CX, CY + 8], LAST)[1]).toBeGreaterThan(CY + 8.1);
  });

  test("following the mouse takes the pivot along its way, and what is farther by less", () => {
    const samples: [number, number, number][] = [
      [CX, CY + 100, 0],
      [CX + 60, CY + 70, 1000],
    ];
    const wish = wished(camera("follow", { samples }));
    const [x, y] = seen(wish, [CX, CY + 100], LAST);
    expect([x, y]).toEqual([expect.closeTo(CX + 60, 2), expect.closeTo(CY + 70, 2)]);
    expect(seen(wish, [CX, 20], LAST)[0]).toBeLessThan(CX + 40);
  });

  test("keyframes are met at their frames and rest before the first one", () => {
    const key = { pan: 0, tilt: 0, roll: 0, x: 0, y: 0, z: 0, zoom: 1 };
    const keys = [
      { ...key, frame: 9, zoom: 2 },
      { ...key, frame: LAST, pan: 5 },
    ];
    const wish = wished(camera("keys", { keys }));
    expect(wish.path.focalPxT[9]).toBeCloseTo(2 * wish.nowFocalPx, 2);
    expect(wish.path.focalPxT[LAST]).toBeCloseTo(wish.nowFocalPx, 2);
    expect(seen(wish, [CX, CY], LAST)[0]).toBeLessThan(CX - 60);
  });

  test("the affine camera of another clip becomes keyframes that move the picture alike", () => {
    const pathT6 = new Float32Array(6 * FRAMES);
    for (let t = 0; t < FRAMES; t++) {
      const [angle, zoom] = [(0.2 * (t + 1)) / FRAMES, 1 + (0.3 * (t + 1)) / FRAMES];
      const [c, s] = [zoom * Math.cos(angle), zoom * Math.sin(angle)];
      const [x, y] = [CX + 3 * (t + 1), CY - (t + 1)];
      pathT6.set([c, -s, x - c * CX + s * CY, s, c, y - s * CX - c * CY], 6 * t);
    }
    const keys = keysOfPath(pathT6, camera("keys"), SIZE);
    const wish = wished(camera("keys", { keys }));
    const [a, b, c, d, e, f] = pathT6.subarray(6 * LAST);
    for (const [x, y] of [
      [CX, CY],
      [CX + 80, CY - 60],
    ] as const) {
      const [u, v] = seen(wish, [x, y], LAST);
      expect(Math.hypot(u - a * x - b * y - c, v - d * x - e * y - f)).toBeLessThan(2);
    }
  });

  test("hand-held trembles by its seed alone", () => {
    const [a, b, other] = [1, 1, 2].map(
      (seed) => wished(camera("handheld", { seed })).path.rotationT9,
    );
    expect(a).toEqual(b);
    expect(a).not.toEqual(other);
  });
});

describe("several cameras", () => {
  test("one on top of another goes on from where that one is", () => {
    const zoom = camera("zoom");
    const wish = wished(camera("pan", { amount: 10 }), { ...zoom, adds: true });
    const f = focalPxOfFov(55, SIZE);
    expect(seen(wish, [CX, CY], LAST)[0]).toBeCloseTo(CX - 1.5 * f * Math.tan(Math.PI / 18), 1);
    expect([...wish.ownT]).toEqual(new Array(FRAMES).fill(0));
  });

  test("one after the other: the first stands while the second moves", () => {
    const first = camera("pan", { amount: 10, frames: [0, 10] });
    const second = camera("zoom", { frames: [11, LAST] });
    const wish = wished(first, second);
    const [x] = seen(wished(first), [CX, CY], 10);
    expect(seen(wish, [CX, CY], 10)[0]).toBeCloseTo(x, 4);
    expect(seen(wish, [CX, CY], LAST)[0]).toBeCloseTo(CX + 1.5 * (x - CX), 2);
  });

  test("the forecast's own camera stands in an edit's frames, and goes on where it is asked to", () => {
    const middle = camera("pan", { frames: [5, 9], after: "free" });
    expect([...wished(middle).ownT.subarray(3, 12)]).toEqual([1, 1, 0, 0, 0, 0, 0, 1, 1]);
    expect(wished({ ...middle, adds: true }).ownT.every((moves) => moves === 1)).toBe(true);
    expect(wished({ ...middle, before: "hold", after: "hold" }).ownT.some(Boolean)).toBe(false);
    expect(cameraWish([{ ...middle, on: false }], FRAMES, SIZE)).toBeNull();
  });
});

test("a camera edit comes back from JSON, and damage is refused", () => {
  const edit = camera("orbit", { turns: 2 });
  expect(editSchema.parse(JSON.parse(JSON.stringify(edit)))).toEqual(edit);
  const damaged = { ...edit, assumed: { ...assumed, depthRatio: 0 } };
  expect(editSchema.safeParse(damaged).success).toBe(false);
  const depth = { source: "imported", columns: 2, rows: 2, levels: "AAAA" };
  expect(editSchema.safeParse({ ...edit, assumed: { ...assumed, depth } }).success).toBe(false);
});
