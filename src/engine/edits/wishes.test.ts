import { describe, expect, test } from "vitest";
import { wishOf } from "../../domain/edits/wish.ts";
import type { Future } from "../../domain/forecast.ts";
import { createTracks } from "../../domain/tracks.ts";
import { candidateSeeds, effectiveNumber, keepWeighed, wishEnergy, wishMiss } from "./wishes.ts";

/** One point that goes from (10, 10) right by `speed` px a frame for ten frames; hidden where told. */
function going(seed: number, speed: number, hidden: readonly number[] = []): Future {
  const tracks = createTracks(10, 1);
  tracks.visibilityTN.fill(1);
  for (let t = 0; t < 10; t++) tracks.tracksTN2.set([10 + speed * (t + 1), 10], 2 * t);
  for (const t of hidden) tracks.visibilityTN[t] = 0;
  return { seed, tracks };
}

const wish = (wants: "inside" | "arrives" | "behind", x0: number, x1: number) =>
  wishOf({ id: "w", name: "Wish" }, wants, [0], [x1, 0, x0, 20], 10);

describe("wishes", () => {
  test("are missed by px: of what leaves, of what never comes, of what is never hidden there", () => {
    expect(wishMiss(wish("inside", 0, 50), going(1, 3))).toBe(0);
    expect(wishMiss(wish("inside", 0, 50), going(1, 6))).toBe(20);
    expect(wishMiss(wish("arrives", 60, 90), going(1, 5))).toBe(0);
    expect(wishMiss(wish("arrives", 60, 90), going(1, 3))).toBe(20);
    expect(wishMiss(wish("behind", 30, 50), going(1, 5, [5]))).toBe(0);
    expect(wishMiss(wish("behind", 30, 50), going(1, 5, [9]))).toBeGreaterThan(8);
    expect(wishMiss(wish("behind", 30, 50), going(1, 5))).toBe(32);
  });

  test("those of the scene are told with the camera taken out", () => {
    const cameraPathT6 = new Float32Array(60);
    for (let t = 0; t < 10; t++) cameraPathT6.set([1, 0, 6 * (t + 1), 0, 1, 0], 6 * t);
    const carried = { ...going(1, 6), cameraPathT6 };
    expect(wishMiss(wish("inside", 0, 50), carried)).toBe(20);
    expect(wishMiss({ ...wish("inside", 0, 50), space: "scene" }, carried)).toBe(0);
  });

  test("futures that meet them stay, the same ones again, none twice", () => {
    const inside = wish("inside", 0, 50);
    const futures = Array.from({ length: 40 }, (_, k) => going(k + 1, k % 4 === 0 ? 2 : 20));
    const energies = futures.map((future) => wishEnergy([inside], future));
    const kept = keepWeighed(futures, energies, 8, [5, 6]);
    expect(kept.every(({ seed }) => (seed - 1) % 4 === 0)).toBe(true);
    expect(new Set(kept).size).toBe(8);
    expect(effectiveNumber(energies)).toBeCloseTo(10, 3);
    const own = kept.map(({ seed }) => seed);
    expect(keepWeighed(futures, energies, 8, own).map(({ seed }) => seed)).toEqual(
      [...own].sort((a, b) => a - b),
    );
  });

  test("of equal ones each is as likely to stay", () => {
    const futures = Array.from({ length: 400 }, (_, k) => going(k + 1, 1));
    const kept = keepWeighed(futures, new Array(400).fill(3), 200, []);
    const low = kept.filter(({ seed }) => seed <= 200).length;
    expect(Math.abs(low - 100)).toBeLessThan(30);
  });

  test("seeds to choose from begin with a run's own and leave out those of futures that stay", () => {
    const seeds = candidateSeeds([5, 9], [1, 2], 1);
    expect(seeds.slice(0, 4)).toEqual([5, 9, 3, 4]);
    expect(seeds).toHaveLength(32);
    expect(new Set(seeds).size).toBe(32);
    expect(candidateSeeds([5, 9], [1, 2], 2).slice(0, 32)).toEqual(seeds);
  });
});
