import { expect, it } from "vitest";
import { applyHomography, fitHomography } from "./homography.ts";

it("fitHomography finds the map of a plane among points that follow none", () => {
  const truth = [1.1, 0.05, -30, -0.02, 0.95, 12, 1e-4, -5e-5, 1];
  const from = Float64Array.from({ length: 200 }, (_, i) =>
    i % 2 ? 480 * Math.abs(Math.sin(i)) : 832 * Math.abs(Math.cos(3 * i)),
  );
  const to = from.slice();
  for (let n = 0; n < 100; n++) {
    to.set(applyHomography(truth, from[2 * n], from[2 * n + 1]), 2 * n);
    if (n % 4 === 0) to[2 * n] += 90;
  }
  const found = fitHomography(from, to, new Uint8Array(100).fill(1));
  const [x, y] = applyHomography(found, 400, 200);
  const [wantedX, wantedY] = applyHomography(truth, 400, 200);
  expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(0.3);
});
