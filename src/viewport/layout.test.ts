import { Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../domain/grid.ts";
import { createTracks, type Tracks } from "../domain/tracks.ts";
import { differenceField, heatBytes, spreadField } from "./layers/heat-field.ts";
import { fitBox } from "./spaces/fit-box.ts";
import { timeTicks } from "./spaces/time-ticks.ts";
import { volumeFromTrack } from "./spaces/time-volume.ts";
import { tileLayout } from "./tile-layout.ts";

function shifted(px: number): Tracks {
  const tracks = createTracks(3, POINT_COUNT);
  for (let t = 0; t < 3; t++) {
    gridQueryXyN2().forEach((value, i) => {
      tracks.tracksTN2[t * 2 * POINT_COUNT + i] = value + (i % 2 ? 0 : px * (t + 1));
    });
  }
  return tracks;
}

describe("heat", () => {
  it("is the mean distance from the mean future, zero at now", () => {
    const field = spreadField([shifted(-4), shifted(4)]);
    if (!field) throw new Error("no field");
    expect(field.frameCount).toBe(4);
    expect(field.distanceTN[5]).toBe(0);
    expect(field.distanceTN[2 * POINT_COUNT + 5]).toBeCloseTo(8);
    expect(heatBytes(field)?.at(-1)).toBe(255);
  });

  it("measures against what really happened as far as both go", () => {
    const field = differenceField([shifted(2), shifted(6)], shifted(0));
    expect(field?.distanceTN[POINT_COUNT]).toBeCloseTo(4);
  });

  it("has nothing to say of a single future", () => {
    expect(spreadField([shifted(1)])).toBeNull();
  });
});

describe("tiles", () => {
  it("stay inside the view and do not overlap", () => {
    for (const count of [1, 2, 3, 5, 8, 32]) {
      const rects = tileLayout(count, 1280, 720, 832 / 480, 6);
      expect(rects.length).toBe(count);
      rects.forEach((a, i) => {
        expect(a.x + a.width).toBeLessThanOrEqual(1281);
        expect(a.y + a.height).toBeLessThanOrEqual(721);
        for (const b of rects.slice(0, i)) {
          const apart =
            a.x >= b.x + b.width ||
            b.x >= a.x + a.width ||
            a.y >= b.y + b.height ||
            b.y >= a.y + a.height;
          expect(apart).toBe(true);
        }
      });
    }
  });
});

describe("time axis", () => {
  it("has round seconds, now among them", () => {
    const ticks = timeTicks(-80, 81, 16);
    expect(ticks.find((tick) => tick.label === "now")?.frame).toBe(0);
    expect(ticks.find((tick) => tick.label === "+2 s")?.frame).toBe(32);
    expect(ticks.length).toBeLessThanOrEqual(11);
    expect(timeTicks(0, 10, 30).every((tick) => tick.frame >= 0 && tick.frame <= 10)).toBe(true);
  });
});

describe("volume", () => {
  const extent = { frameSize: { width: 832, height: 480 }, firstFrame: -80, lastFrame: 81 };

  it("puts the picture upright and the future towards the viewer", () => {
    const world = (x: number, y: number, f: number) =>
      new Vector3(x, y, f).applyMatrix4(volumeFromTrack(extent));
    expect(world(-0.5, -0.5, 0.5).toArray()).toEqual([-832 / 960, 0.5, 0]);
    expect(world(831.5, 479.5, 0.5).y).toBeCloseTo(-0.5);
    expect(world(0, 0, 81).z).toBeGreaterThan(world(0, 0, -80).z);
  });

  it("is seen whole from the fitted distance, centred, and no farther than needed", () => {
    const fov = 0.5;
    const aspect = 16 / 9;
    const half = [0.8, 0.5, 1.2] as const;
    // A camera that looks down by 30 degrees.
    const [sin, cos] = [0.5, Math.sqrt(0.75)];
    const axes = [
      [1, 0, 0],
      [0, cos, -sin],
      [0, sin, cos],
    ] as const;
    const { distance, shiftUp } = fitBox(half, axes, fov, aspect);
    const seen = Array.from({ length: 8 }, (_, corner) => {
      const p = half.map((h, i) => (corner & (1 << i) ? h : -h));
      const [x, y, z] = axes.map((axis) => axis[0] * p[0] + axis[1] * p[1] + axis[2] * p[2]);
      const reach = Math.tan(fov / 2) * (distance - z);
      return { x: x / (reach * aspect), y: (y - shiftUp) / reach };
    });
    const top = Math.max(...seen.map(({ y }) => y));
    const bottom = Math.min(...seen.map(({ y }) => y));
    const side = Math.max(...seen.map(({ x }) => x));
    expect(Math.max(top, -bottom, side)).toBeCloseTo(1);
    expect(top).toBeCloseTo(-bottom);
  });
});
