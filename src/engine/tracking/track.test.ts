import { describe, expect, it, vi } from "vitest";
import { CancelledError } from "../../domain/errors.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { loadTrackingKernel } from "../kernels/build.ts";
import { createChainedLkTracker } from "./chained-lk.ts";
import { TrackingKernel } from "./kernel/kernel.ts";
import { isHidden, type MovingTexture, renderMovingTexture } from "./moving-texture.ts";
import { createPointTracker } from "./track.ts";

const tracker = createPointTracker(loadTrackingKernel);
const size = { width: 416, height: 240 };

function gridXyN2(): Float32Array {
  const xy: number[] = [];
  for (let y = 16; y < size.height; y += 32) {
    for (let x = 16; x < size.width; x += 32) xy.push(x, y);
  }
  return Float32Array.from(xy);
}

const still = () => Float64Array.of(1, 0, 0, 0, 1, 0);
const pan = (vx: number, vy: number) => (t: number) => Float64Array.of(1, 0, vx * t, 0, 1, vy * t);

/** Zoom and turn about the frame's middle, a frame. */
const swirl = (zoom: number, degrees: number) => (t: number) => {
  const scale = zoom ** t;
  const c = scale * Math.cos((degrees * t * Math.PI) / 180);
  const s = scale * Math.sin((degrees * t * Math.PI) / 180);
  const x = size.width / 2;
  const y = size.height / 2;
  return Float64Array.of(c, -s, x - c * x + s * y, s, c, y - s * x - c * y);
};

interface Sight {
  readonly t: number;
  readonly i: number;
  readonly x: number;
  readonly y: number;
  readonly error: number;
  readonly isVisible: boolean;
}

/** Every point in every frame after the first, beside where it really is. */
function compare(scene: MovingTexture, queryXyN2: Float32Array, tracks: Tracks): Sight[] {
  const n = queryXyN2.length / 2;
  const sights: Sight[] = [];
  for (let t = 1; t < tracks.frameCount; t++) {
    const m = scene.motion(t);
    for (let i = 0; i < n; i++) {
      const qx = queryXyN2[2 * i];
      const qy = queryXyN2[2 * i + 1];
      const x = m[0] * qx + m[1] * qy + m[2];
      const y = m[3] * qx + m[4] * qy + m[5];
      const k = (t * n + i) * 2;
      const error = Math.hypot(tracks.tracksTN2[k] - x, tracks.tracksTN2[k + 1] - y);
      sights.push({ t, i, x, y, error, isVisible: tracks.visibilityTN[t * n + i] === 1 });
    }
  }
  return sights;
}

async function trackScene(
  scene: MovingTexture,
  frameCount: number,
  queryXyN2 = gridXyN2(),
): Promise<Sight[]> {
  const frames = renderMovingTexture(scene, frameCount);
  const tracks = await tracker.track({ frames, queryXyN2 });
  expect(tracks.tracksTN2.every(Number.isFinite)).toBe(true);
  return compare(scene, queryXyN2, tracks);
}

const isInside = ({ x, y }: Sight, margin: number) =>
  x >= margin && y >= margin && x < size.width - margin && y < size.height - margin;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const errors = (sights: readonly Sight[]) => sights.map((sight) => sight.error);
const share = (sights: readonly Sight[]) => mean(sights.map((sight) => Number(sight.isVisible)));

describe("trackPoints", () => {
  it("starts exactly on the query points and keeps them on a still clip", async () => {
    const frames = renderMovingTexture({ size, seed: 1, motion: still }, 5);
    const queryXyN2 = gridXyN2();
    const tracks = await tracker.track({ frames, queryXyN2 });
    expect([...tracks.tracksTN2.subarray(0, queryXyN2.length)]).toEqual([...queryXyN2]);
    expect(tracks.visibilityTN.every((v) => v === 1)).toBe(true);
    const sights = compare({ size, seed: 1, motion: still }, queryXyN2, tracks);
    expect(Math.max(...errors(sights))).toBeLessThan(0.01);
  });

  it("takes a clip of one frame", async () => {
    const frames = renderMovingTexture({ size, seed: 1, motion: still }, 1);
    const tracks = await tracker.track({ frames, queryXyN2: Float32Array.of(5, 7) });
    expect([...tracks.tracksTN2]).toEqual([5, 7]);
    expect([...tracks.visibilityTN]).toEqual([1]);
  });

  it("follows a pan to a fraction of a pixel", async () => {
    const sights = await trackScene({ size, seed: 2, motion: pan(3.3, -1.7) }, 16);
    const inside = sights.filter((sight) => isInside(sight, 16));
    expect(mean(errors(inside))).toBeLessThan(0.06);
    expect(share(inside)).toBeGreaterThan(0.99);
  });

  it("follows a fast pan", async () => {
    const sights = await trackScene({ size, seed: 3, motion: pan(17, 4) }, 8);
    const inside = sights.filter((sight) => isInside(sight, 20));
    expect(mean(errors(inside))).toBeLessThan(0.5);
  });

  it("looks for no earlier sight that could not tell it better", async () => {
    // Noise keeps the match with the first frame from being beyond doubt.
    const scene: MovingTexture = { size, seed: 5, motion: pan(1.3, 0.4) };
    let state = 1;
    const frames = renderMovingTexture(scene, 24).map(({ size, gray }) => ({
      size,
      gray: gray.map((level) => {
        state = (state * 1103515245 + 12345) % 2 ** 31;
        return Math.min(255, Math.max(0, level + ((state >> 16) % 61) - 30));
      }),
    }));
    const cut = vi.spyOn(TrackingKernel.prototype, "cut");
    const queryXyN2 = gridXyN2();
    const sights = compare(scene, queryXyN2, await tracker.track({ frames, queryXyN2 }));
    const cuts = cut.mock.calls.length / sights.length;
    cut.mockRestore();
    // 8.6 where each of them is looked for, with the same answers.
    expect(cuts).toBeLessThan(8);
    expect(mean(errors(sights.filter((sight) => isInside(sight, 20))))).toBeLessThan(0.5);
  });

  it("follows zoom and rotation, closer than chained Lucas-Kanade", async () => {
    const scene: MovingTexture = { size, seed: 4, motion: swirl(1.012, 0.8) };
    const frames = renderMovingTexture(scene, 20);
    const queryXyN2 = gridXyN2();
    const ours = compare(scene, queryXyN2, await tracker.track({ frames, queryXyN2 }));
    const plain = compare(
      scene,
      queryXyN2,
      await createChainedLkTracker(loadTrackingKernel).track({ frames, queryXyN2 }),
    );
    const inside = (sights: Sight[]) => errors(sights.filter((sight) => isInside(sight, 16)));
    expect(mean(inside(ours))).toBeLessThan(0.15);
    expect(mean(inside(ours))).toBeLessThan(mean(inside(plain)));
  });

  it("is not moved by a change of light", async () => {
    const light = (t: number) => ({ gain: 0.97 ** t, bias: 2 * t });
    const sights = await trackScene({ size, seed: 5, motion: pan(1.2, 0.4), light }, 14);
    const inside = sights.filter((sight) => isInside(sight, 16));
    expect(mean(errors(inside))).toBeLessThan(0.1);
    expect(share(inside)).toBeGreaterThan(0.98);
  });

  it("hides what an object covers and finds it again", async () => {
    const scene: MovingTexture = {
      size,
      seed: 6,
      motion: pan(0.8, 0.3),
      occluder: { side: 90, at: (t) => [-130 + 14 * t, 70] },
    };
    const sights = await trackScene(scene, 42);
    const covered = sights.filter(({ t, x, y }) => isHidden(scene, t, x, y, -14));
    expect(covered.length).toBeGreaterThan(80);
    expect(share(covered)).toBeLessThan(0.15);
    expect(mean(errors(covered))).toBeLessThan(3);
    const crossed = new Set(
      sights.filter(({ t, x, y }) => t < 34 && isHidden(scene, t, x, y, -14)).map(({ i }) => i),
    );
    const after = sights.filter(
      (sight) =>
        sight.t >= 39 &&
        crossed.has(sight.i) &&
        isInside(sight, 16) &&
        ![0, 1, 2].some((back) => isHidden(scene, sight.t - back, sight.x, sight.y, 24)),
    );
    expect(after.length).toBeGreaterThan(10);
    expect(share(after)).toBeGreaterThan(0.9);
    expect(mean(errors(after))).toBeLessThan(0.3);
  });

  it("hides points that leave the frame and carries them on", async () => {
    const sights = await trackScene({ size, seed: 7, motion: pan(9, 0) }, 16);
    const outside = sights.filter(({ x }) => x > size.width);
    expect(outside.length).toBeGreaterThan(100);
    expect(share(outside)).toBe(0);
    expect(mean(errors(outside))).toBeLessThan(2);
  });

  it("lets a flat area follow its surroundings", async () => {
    const flat = [150, 70, 270, 190] as const;
    const sights = await trackScene({ size, seed: 8, motion: pan(2.5, 1.5), flat }, 14);
    const query = gridXyN2();
    const inFlat = sights.filter(({ i }) => {
      const x = query[2 * i];
      const y = query[2 * i + 1];
      return x > flat[0] + 12 && y > flat[1] + 12 && x < flat[2] - 12 && y < flat[3] - 12;
    });
    expect(inFlat.length).toBeGreaterThan(50);
    expect(mean(errors(inFlat))).toBeLessThan(1);
    expect(Math.max(...errors(inFlat))).toBeLessThan(4);
  });

  it("leaves a plain wall alone when something moves in front of it", async () => {
    const scene: MovingTexture = {
      size,
      seed: 10,
      motion: still,
      flat: [-1, -1, 500, 500],
      occluder: { side: 100, at: (t) => [150 + 4 * t, 60 + 2 * t] },
    };
    const frames = renderMovingTexture(scene, 14);
    const queryXyN2 = gridXyN2();
    const tracks = await tracker.track({ frames, queryXyN2 });
    const sights = compare(scene, queryXyN2, tracks);
    const isWall = ({ x, y }: Sight) => !isHidden(scene, 0, x, y, 20);
    const wall = sights.filter(
      (sight) => isWall(sight) && !isHidden(scene, sight.t, sight.x, sight.y, 30),
    );
    expect(wall.length).toBeGreaterThan(500);
    expect(wall.filter(({ error }) => error < 1).length / wall.length).toBeGreaterThan(0.75);
    const onSquare = sights.filter(({ x, y }) => isHidden(scene, 0, x, y, -16));
    expect(onSquare.length).toBeGreaterThan(50);
    const moved = onSquare.map(({ t, i }) => {
      const k = (t * (queryXyN2.length / 2) + i) * 2;
      return Math.hypot(
        tracks.tracksTN2[k] - queryXyN2[2 * i] - 4 * t,
        tracks.tracksTN2[k + 1] - queryXyN2[2 * i + 1] - 2 * t,
      );
    });
    expect(mean(moved)).toBeLessThan(0.3);
  });

  it("stops when it is cancelled", async () => {
    const frames = renderMovingTexture({ size, seed: 9, motion: still }, 6);
    const controller = new AbortController();
    const seen: number[] = [];
    const job = {
      signal: controller.signal,
      onProgress: ({ done }: { done: number }) => {
        seen.push(done);
        if (done === 3) controller.abort();
      },
    };
    await expect(tracker.track({ frames, queryXyN2: gridXyN2() }, job)).rejects.toBeInstanceOf(
      CancelledError,
    );
    expect(Math.max(...seen)).toBe(3);
  });
});
