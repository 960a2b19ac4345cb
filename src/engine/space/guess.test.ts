import { describe, expect, it } from "vitest";
import {
  type DepthGuess,
  MOVING,
  type SpaceField,
  STATIC,
  UNKNOWN,
} from "../../domain/space-field.ts";
import { rankCorrelation } from "../metrics/rank-correlation.ts";
import { medianOf } from "./adjustment.ts";
import { estimateSpace } from "./estimate.ts";
import { guessedField, isBelieved, isSure, mixedField } from "./guess.ts";
import { rotationAngle } from "./rotation.ts";
import { makeScene, type Scene } from "./testing.ts";

const SIZE = { width: 832, height: 480 };

/** A network that knows the truth within a tenth, as sure as it is told to be. */
function told({ inverseDepthN, movingN }: Scene, sigma: number): DepthGuess {
  return {
    inverseDepthN: Float32Array.from(inverseDepthN, (rho, n) => rho * (1 + 0.1 * Math.sin(3 * n))),
    sigmaLogN: new Float32Array(movingN.length).fill(sigma),
    movingN: Float32Array.from(movingN),
  };
}

/** Mean error of the depths of still points, relative, after their median ratio is 1. */
function missOf(scene: Scene, { inverseDepthN }: Pick<SpaceField, "inverseDepthN">): number {
  const still = [...scene.movingN.keys()].filter((n) => !scene.movingN[n]);
  const ratios = still.map((n) => inverseDepthN[n] / scene.inverseDepthN[n]);
  const middle = medianOf(ratios);
  return ratios.reduce((sum, r) => sum + Math.abs(r / middle - 1), 0) / ratios.length;
}

describe("what a network tells", () => {
  it("is the answer, marked as its own, where the adjustment finds none", () => {
    const scene = makeScene({ seed: 1, move: "sideways", parallaxPx: 0.5, moving: 0.25 });
    expect(estimateSpace(scene.observations, SIZE, { focalPx: 700 }).why).not.toBeNull();
    const field = estimateSpace(scene.observations, SIZE, {
      focalPx: 700,
      guess: told(scene, 0.12),
    });
    expect(field).toMatchObject({ why: null, toldBy: "network" });
    expect(field.cameras?.frameCount).toBe(21);
    expect(field.sigmaLogN[0]).toBeCloseTo(0.12);
    scene.movingN.forEach((moves, n) => {
      expect(field.stateN[n]).toBe(moves ? MOVING : STATIC);
    });
  });

  it("is under the network's own cameras where it tells such, and believed as if it told none", () => {
    const scene = makeScene({ seed: 1, move: "sideways", parallaxPx: 0.5, moving: 0.25 });
    const { frameCount } = scene.observations.tracks;
    const depths = told(scene, 0.12);
    const path = {
      metDepthN: depths.inverseDepthN,
      rotationT9: Float32Array.from(scene.cameras.rotationT9),
      translationT3: Float32Array.from(scene.cameras.translationT3),
      wayNK3: new Float32Array(scene.movingN.length * 48),
    };
    const ask = (guess: DepthGuess) =>
      estimateSpace(scene.observations, SIZE, { focalPx: 700, guess });
    const [own, without] = [ask({ ...depths, path }), ask(depths)];
    expect(own).toMatchObject({ why: null, toldBy: "network" });
    expect([...own.stateN]).toEqual([...without.stateN]);
    const off = ({ cameras }: typeof own) =>
      rotationAngle(
        cameras?.rotationT9.subarray(0, 9) ?? [],
        scene.cameras.rotationT9.subarray(0, 9),
      );
    expect(own.cameras?.frameCount).toBe(frameCount);
    expect(off(own)).toBeLessThan(1e-3);
    expect(off(own)).toBeLessThan(off(without));
    const wild = { ...path, translationT3: path.translationT3.map((t) => 100 * t) };
    expect(ask({ ...told(scene, 0.55), path: wild }).why).toBe("no-translation");
    // Cameras under which the tracks are not met are those that the depths give.
    expect(ask({ ...depths, path: wild }).cameras).toEqual(without.cameras);
  });

  it("is left out where it is not sure: a still camera stays unknown", () => {
    const scene = makeScene({ seed: 1, move: "still", parallaxPx: 0, moving: 0.25 });
    const guess = told(scene, 0.55);
    expect(isSure(guess)).toBe(false);
    expect(estimateSpace(scene.observations, SIZE, { guess }).why).toBe("no-translation");
  });

  it("is left out where it sees parallax that the adjustment would have measured", () => {
    const scene = makeScene({ seed: 1, move: "sideways", parallaxPx: 8, moving: 0.25 });
    const guess = told(scene, 0.12);
    const guessed = guessedField(scene.observations, guess, 700, [415.5, 239.5]);
    expect(guessed.parallaxPx).toBeGreaterThan(5);
    expect(isBelieved(guess, guessed)).toBe(true);
    expect(isBelieved(guess, { ...guessed, parallaxPx: 18 })).toBe(false);
  });

  it("leads where parallax is small, and hardly counts where it is large", () => {
    const misses = [3, 65].map((parallaxPx) => {
      const scene = makeScene({ seed: 3, move: "orbit", parallaxPx, moving: 0.25 });
      const alone = estimateSpace(scene.observations, SIZE, { focalPx: 700 });
      const guess = told(scene, 0.12);
      const both = estimateSpace(scene.observations, SIZE, { focalPx: 700, guess });
      return { alone: missOf(scene, alone), both: missOf(scene, both), toldBy: both.toldBy };
    });
    const [small, large] = misses;
    expect(small).toMatchObject({ toldBy: "both" });
    expect(small.both).toBeLessThan(0.7 * small.alone);
    expect(large.toldBy).toBeUndefined();
    expect(large.both).toBeLessThan(large.alone + 0.01);
  });

  it("leads astray nowhere where it is sure of depths that are squeezed as a whole", () => {
    for (const [move, seed, parallaxPx] of [
      ["sideways", 5, 6.5],
      ["orbit", 2, 20],
    ] as const) {
      const scene = makeScene({ seed, move, parallaxPx, moving: 0.25 });
      const right = told(scene, 0.12);
      const guess = {
        ...right,
        inverseDepthN: Float32Array.from(scene.inverseDepthN, (rho) => rho ** 1.6),
      };
      const alone = missOf(scene, estimateSpace(scene.observations, SIZE, { focalPx: 700 }));
      const both = missOf(scene, estimateSpace(scene.observations, SIZE, { focalPx: 700, guess }));
      expect(both).toBeLessThan(1.02 * alone);
    }
  });

  it("moves an unknown point half-way at most from its surround, which holds it already", () => {
    const scene = makeScene({ seed: 2, move: "walk", parallaxPx: 20 });
    const field = estimateSpace(scene.observations, SIZE, { focalPx: 700 });
    const { cameras } = field;
    if (!cameras) throw new Error("nothing known");
    const unknown = 200;
    const stateN = field.stateN.with(unknown, UNKNOWN);
    const sigmaLogN = field.sigmaLogN.with(unknown, 1);
    const guess = {
      inverseDepthN: field.inverseDepthN.map((rho, n) => (n === unknown ? 3 * rho : rho)),
      sigmaLogN: new Float32Array(stateN.length).fill(0.4),
      movingN: new Float32Array(stateN.length),
    };
    const mixed = mixedField(scene.observations, { ...field, cameras, stateN, sigmaLogN }, guess);
    const ratio = mixed.inverseDepthN[unknown] / field.inverseDepthN[unknown];
    expect(ratio).toBeGreaterThan(1.4);
    expect(ratio).toBeLessThan(2.1);
    expect(mixed.sigmaLogN[unknown]).toBeGreaterThan(0.4);
  });

  it("outweighs a surround that it contradicts where few points are known", () => {
    const scene = makeScene({ seed: 2, move: "walk", parallaxPx: 20 });
    const field = estimateSpace(scene.observations, SIZE, { focalPx: 700 });
    const { cameras } = field;
    if (!cameras) throw new Error("nothing known");
    const [known, unknown] = [0, 200];
    /** How far the unknown point moves towards eight times its inverse depth. */
    const movedBy = (isUnknown: (n: number) => boolean) => {
      const guess = {
        inverseDepthN: field.inverseDepthN.map((rho, n) => (n === unknown ? 8 * rho : rho)),
        sigmaLogN: new Float32Array(field.stateN.length).fill(0.4),
        movingN: new Float32Array(field.stateN.length),
      };
      const told = {
        ...field,
        cameras,
        stateN: field.stateN.map((state, n) => (isUnknown(n) ? UNKNOWN : state)),
        sigmaLogN: field.sigmaLogN.map((sigma, n) => (isUnknown(n) ? 1 : sigma)),
      };
      const mixed = mixedField(scene.observations, told, guess).inverseDepthN;
      return (
        mixed[unknown] / mixed[known] / (field.inverseDepthN[unknown] / field.inverseDepthN[known])
      );
    };
    expect(movedBy((n) => n === unknown)).toBeLessThan(4);
    expect(movedBy((n) => n % 5 !== 0 || n === unknown)).toBeGreaterThan(5);
  });

  it("is named where it decided between two reliefs that fit alike", () => {
    const scene = makeScene({ seed: 1, move: "orbit", parallaxPx: 6.5, moving: 0.25 });
    expect(estimateSpace(scene.observations, SIZE, { focalPx: 700 }).why).toBe("ambiguous");
    // So wide a spread that it hardly counts in the mean.
    const guess = told(scene, 0.29);
    const field = estimateSpace(scene.observations, SIZE, { focalPx: 700, guess });
    expect(field).toMatchObject({ why: null, toldBy: "both" });
  });

  it("does no harm where it is wrong and parallax is large", () => {
    const scene = makeScene({ seed: 2, move: "walk", parallaxPx: 65, moving: 0.25 });
    const right = told(scene, 0.1);
    const guess = { ...right, inverseDepthN: right.inverseDepthN.map((rho) => 1 / rho) };
    const field = estimateSpace(scene.observations, SIZE, { focalPx: 700, guess });
    expect(field.toldBy).toBeUndefined();
    const still = [...scene.movingN.keys()].filter((n) => !scene.movingN[n]);
    const of = (values: ArrayLike<number>) => still.map((n) => values[n]);
    expect(rankCorrelation(of(field.inverseDepthN), of(scene.inverseDepthN))).toBeGreaterThan(0.9);
  });
});
