import { expect, test } from "vitest";
import { curvePoint } from "../../domain/curve-basis.ts";
import { MOVING } from "../../domain/space-field.ts";
import { createTracks } from "../../domain/tracks.ts";
import { stillCameras } from "./cameras.ts";
import { curvesOf } from "./lift.ts";

test("a mover that is lost for most of its past stays near its guessed way: no line runs on far off", () => {
  const tracks = createTracks(81, 1);
  for (let t = 0; t < 81; t++) {
    // It runs through 60 px in the last ten frames, where it is seen; before, it is guessed to stand.
    tracks.tracksTN2.set([300 + 6 * Math.max(0, t - 70), 240], 2 * t);
    tracks.visibilityTN[t] = t >= 70 ? 1 : 0;
  }
  const cameras = stillCameras(81, 700, [415.5, 239.5]);
  const field = { inverseDepthN: Float32Array.of(1), stateN: Uint8Array.of(MOVING) };
  const { controlNK3, residual } = curvesOf(tracks, 80, cameras, field);
  const xs = Array.from({ length: 81 }, (_, t) => {
    const [x] = curvePoint("smooth", controlNK3, 3, t / 80);
    return 700 * x + 415.5;
  });
  expect(Math.min(...xs)).toBeGreaterThan(250);
  expect(Math.max(...xs)).toBeLessThan(380);
  expect(xs[80]).toBeCloseTo(360, -1);
  expect(700 * residual).toBeLessThan(3);
});

test("a mover lies on the ray of its track, as deep as the way that a network tells of it", () => {
  const tracks = createTracks(21, 2);
  tracks.tracksTN2.fill(500);
  tracks.visibilityTN.fill(1);
  const cameras = stillCameras(21, 700, [415.5, 239.5]);
  const field = { inverseDepthN: Float32Array.of(0.5, 0.5), stateN: Uint8Array.of(MOVING, MOVING) };
  // The second comes from half as far again as it is; control points lie evenly but at the ends.
  const wayNK3 = new Float32Array(2 * 16 * 3);
  const places = [0, 1, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 38, 39];
  places.forEach((at, k) => {
    // A way that is told to begin anywhere else begins at the point.
    wayNK3[3 * (16 + k) + 2] = 0.5 * (1 - at / 39) + 0.1;
  });
  const { controlNK3 } = curvesOf(tracks, 20, cameras, field, wayNK3);
  const at = (n: number, t: number) =>
    curvePoint("smooth", controlNK3.subarray(48 * n, 48 * n + 48), 3, t);
  expect(at(0, 0)[2]).toBeCloseTo(2, 3);
  for (const t of [0, 0.5, 1]) {
    const [x, y, z] = at(1, t);
    expect(z).toBeCloseTo(2 * (1.5 - 0.5 * t), 2);
    expect((700 * x) / z + 415.5).toBeCloseTo(500, 1);
    expect((700 * y) / z + 239.5).toBeCloseTo(500, 1);
  }
});
