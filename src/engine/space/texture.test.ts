import { expect, test } from "vitest";
import { leastTexture } from "./texture.ts";

/** Texture at the middle of a picture whose grey is `of(x,y)`. */
function textureOf(of: (x: number, y: number) => number): number {
  const size = { width: 96, height: 64 };
  const gray = Uint8Array.from({ length: 96 * 64 }, (_, i) => of(i % 96, Math.floor(i / 96)));
  return leastTexture({ size, gray }, [48, 32])[0];
}

test("a bare surface has no texture, an edge none along itself, a corner has", () => {
  expect(textureOf(() => 90)).toBe(0);
  expect(textureOf((x) => (x < 48 ? 40 : 200))).toBeLessThan(1e-3);
  expect(textureOf((x, y) => (x < 48 === y < 32 ? 40 : 200))).toBeGreaterThan(50);
});

test("texture is that of a slope: the mean square of its gradient at half size", () => {
  // Grey rises by 4 a pixel of the half-size picture along x, and as much along y in turns of 8 px.
  const wave = (v: number) => 4 * Math.abs((v % 16) - 8);
  expect(textureOf((x, y) => 40 + wave(x) + wave(y))).toBeGreaterThan(30);
  expect(textureOf((x, y) => 40 + wave(x) + wave(y))).toBeLessThan(64);
});

test("a point outside the picture has none", () => {
  const size = { width: 32, height: 32 };
  const gray = new Uint8Array(32 * 32).fill(9);
  expect(leastTexture({ size, gray }, [-500, -500])[0]).toBe(0);
});
