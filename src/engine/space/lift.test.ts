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
