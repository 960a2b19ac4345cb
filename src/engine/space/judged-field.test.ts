import { expect, it } from "vitest";
import { MOVING, STATIC } from "../../domain/space-field.ts";
import { isInconsistent } from "./judged-field.ts";

// A butterfly on a plant that the camera follows told 48 px of parallax with depths unsure by a quarter.
it.each([
  { parallaxPx: 48, sigma: 0.23, expected: true },
  { parallaxPx: 48, sigma: 0.1, expected: false },
  { parallaxPx: 8, sigma: 0.23, expected: false },
])("$sigma of log depth at $parallaxPx px is no still scene: $expected", (told) => {
  const field = {
    parallaxPx: told.parallaxPx,
    stateN: Uint8Array.of(STATIC, STATIC, STATIC, MOVING, MOVING, MOVING, MOVING),
    // What moves by itself has no say in it.
    sigmaLogN: Float32Array.of(told.sigma, told.sigma, told.sigma, 9, 9, 9, 9),
  };
  expect(isInconsistent(field)).toBe(told.expected);
});
