import { describe, expect, it } from "vitest";
import { cameraView, invertCameraPath, moveTracks } from "./camera-view.ts";
import type { Future } from "./forecast.ts";
import { createTracks } from "./tracks.ts";

/** Two frames: a turn with a shift, then a zoom with a shift. */
const PATH = Float32Array.from([0, -1, 10, 1, 0, 20, 2, 0, -5, 0, 2, 7]);

/** Two world points that stand still, seen through PATH. */
function stillWorld(): Future {
  const tracks = createTracks(2, 2);
  tracks.tracksTN2.set([100, 50, 3, 4, 100, 50, 3, 4]);
  tracks.visibilityTN.fill(1);
  return { seed: 1, tracks: moveTracks(tracks, PATH), cameraPathT6: PATH };
}

describe("camera view", () => {
  it("moves a position by the map of its frame", () => {
    expect([...stillWorld().tracks.tracksTN2]).toEqual([-40, 120, 6, 23, 195, 107, 1, 15]);
  });

  it("holds the camera still: what does not move in the world does not move on the screen", () => {
    const { futures, pictureAffineT6 } = cameraView([stillWorld()], "held");
    const held = futures[0].tracksTN2;
    [100, 50, 3, 4, 100, 50, 3, 4].forEach((value, i) => {
      expect(held[i]).toBeCloseTo(value, 3);
    });
    expect(pictureAffineT6).toBeNull();
  });

  it("holds the camera of a future once: what is drawn of it can be kept; another path is another", () => {
    const future = stillWorld();
    const held = (one: Future) => cameraView([one], "held").futures[0];
    expect(held(future)).toBe(held(future));
    const stood = { ...future, cameraPathT6: Float32Array.of(1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0) };
    expect([...held(stood).tracksTN2]).toEqual([...future.tracks.tracksTN2]);
  });

  it("moves the picture with the tracks when it follows", () => {
    const future = stillWorld();
    const { futures, pictureAffineT6 } = cameraView([future], "followed");
    if (!pictureAffineT6) throw new Error("no picture path");
    const seen = future.tracks.tracksTN2;
    const [a, b, c, d, e, f] = pictureAffineT6.subarray(6, 12);
    expect(a * seen[4] + b * seen[5] + c).toBeCloseTo(futures[0].tracksTN2[4], 3);
    expect(d * seen[4] + e * seen[5] + f).toBeCloseTo(futures[0].tracksTN2[5], 3);
  });

  it("leaves sampled futures and futures without a path alone", () => {
    const future = stillWorld();
    const plain: Future = { seed: 2, tracks: future.tracks };
    expect(cameraView([future], "sampled").futures[0]).toBe(future.tracks);
    expect(cameraView([plain], "followed")).toEqual({
      futures: [plain.tracks],
      pictureAffineT6: null,
    });
  });

  it("refuses a path that collapses the picture", () => {
    expect(() => invertCameraPath(Float32Array.from([1, 1, 0, 1, 1, 0]))).toThrow(RangeError);
  });
});
