import { describe, expect, it } from "vitest";
import type { Progress } from "../../domain/job.ts";
import { MOVING, STATIC, UNKNOWN } from "../../domain/space-field.ts";
import { createTracks } from "../../domain/tracks.ts";
import { medianOf } from "./adjustment.ts";
import { centresOf } from "./cameras.ts";
import { estimateSpace } from "./estimate.ts";
import type { Observations } from "./observations.ts";
import { applySimilarity, fitSimilarity } from "./similarity.ts";
import { reliefOf } from "./surface.ts";
import { type CameraMove, makeScene, type Scene, type SceneRequest } from "./testing.ts";

const SIZE = { width: 832, height: 480 };
const MOVES = ["sideways", "forward", "orbit", "walk"] as const;

/** What the estimate says of a scene beside its truth, static points only. */
function judge(scene: Scene, estimate = estimateSpace(scene.observations, SIZE, { focalPx: 700 })) {
  const still = [...scene.movingN.keys()].filter((n) => !scene.movingN[n]);
  const { inverseDepthN, sigmaLogN, stateN } = estimate;
  const scale = medianOf(still.map((n) => scene.inverseDepthN[n] / inverseDepthN[n]));
  const ratio = (n: number) => scene.inverseDepthN[n] / (inverseDepthN[n] * scale);
  const known = still.filter((n) => stateN[n] === STATIC);
  return {
    estimate,
    absRel: still.reduce((sum, n) => sum + Math.abs(ratio(n) - 1), 0) / still.length,
    known: known.length / still.length,
    covered: known.filter((n) => Math.abs(Math.log(ratio(n))) < 2 * sigmaLogN[n]).length,
    knownCount: known.length,
    auc: areaUnderCurve(estimate.residualPxN, scene.movingN),
  };
}

function areaUnderCurve(score: ArrayLike<number>, label: Uint8Array): number {
  const order = [...label.keys()].sort((a, b) => score[a] - score[b]);
  const positive = label.reduce((sum, l) => sum + l, 0);
  const ranks = order.reduce((sum, n, i) => sum + (label[n] ? i + 1 : 0), 0);
  return (ranks - (positive * (positive + 1)) / 2) / (positive * (label.length - positive));
}

function judgeAll(request: Omit<SceneRequest, "seed" | "move">, seeds = [2]) {
  return MOVES.flatMap((move) => seeds.map((seed) => judge(makeScene({ ...request, seed, move }))));
}

/** Tracks of the same scene told otherwise. */
function retold(
  { observations }: Scene,
  place: (t: number, n: number) => readonly [number, number, number, number],
): Observations {
  const { tracks, anchorFrame } = observations;
  const { frameCount, pointCount } = tracks;
  const out = createTracks(frameCount, pointCount);
  for (let t = 0; t < frameCount; t++) {
    for (let n = 0; n < pointCount; n++) {
      const [fromT, fromN, sign, offset] = place(t, n);
      const from = fromT * pointCount + fromN;
      const to = t * pointCount + n;
      out.tracksTN2[2 * to] = sign * tracks.tracksTN2[2 * from] + offset;
      out.tracksTN2[2 * to + 1] = tracks.tracksTN2[2 * from + 1];
      out.visibilityTN[to] = tracks.visibilityTN[from];
    }
  }
  return { tracks: out, anchorFrame };
}

describe("estimateSpace", () => {
  // The classes and bars of parallax over the clip; a quarter of the points moves by itself.
  it.each([
    { parallaxPx: 6.5, bar: 0.17 },
    { parallaxPx: 20, bar: 0.05 },
    { parallaxPx: 65, bar: 0.015 },
  ])(
    "tells depth within $bar at $parallaxPx px",
    ({ parallaxPx, bar }) => {
      const all = judgeAll({ parallaxPx, moving: 0.25 }).filter(({ estimate }) => !estimate.why);
      expect(all.length).toBeGreaterThanOrEqual(3);
      expect(medianOf(all.map(({ absRel }) => absRel))).toBeLessThan(bar);
      expect(medianOf(all.map(({ auc }) => auc))).toBeGreaterThan(0.95);
    },
    240_000,
  );

  // Scenes in which what moves by itself pulls the cameras along, and one with points behind infinity.
  it.each([
    { move: "orbit", seed: 3 },
    { move: "sideways", seed: 3 },
    { move: "orbit", seed: 2 },
  ] as const)("says how far it may be off, and guesses no wild depths: $move $seed", (request) => {
    const told = judge(makeScene({ ...request, parallaxPx: 6.5, moving: 0.25 }));
    expect(told.estimate.why).toBeNull();
    expect(told.covered / told.knownCount).toBeGreaterThan(0.9);
    expect(told.absRel).toBeLessThan(0.25);
  });

  it.each<CameraMove>(["still", "shake", "pan", "zoom"])(
    "says unknown of a camera that does not translate: %s",
    (move) => {
      for (const [seed, moving] of [
        [1, 0],
        [2, 0.25],
      ]) {
        const scene = makeScene({ seed, move, parallaxPx: 0, moving });
        const estimate = estimateSpace(scene.observations, SIZE);
        const unknown = estimate.stateN.filter((state) => state === UNKNOWN).length;
        expect(unknown / estimate.stateN.length).toBeGreaterThan(0.95);
        expect(estimate.cameras).toBeNull();
        expect(reliefOf(estimate, gridOf(scene), SIZE, 26, 15)).toBeNull();
      }
    },
  );

  it("asks the frames around “now” where older tracks have slipped, and only where depth shows", () => {
    const scene = makeScene({ seed: 2, move: "walk", parallaxPx: 120, frameCount: 61 });
    const { tracks, anchorFrame } = scene.observations;
    // Everything older than twenty frames has jumped by what no camera explains.
    for (let t = 0; t < 40; t++) {
      for (let n = 0; n < tracks.pointCount; n++) {
        const i = 2 * (t * tracks.pointCount + n);
        tracks.tracksTN2[i] += 60 * Math.sin(n * 12.9898 + t);
        tracks.tracksTN2[i + 1] += 60 * Math.sin(n * 78.233 + 2 * t);
      }
    }
    const observations = { tracks, anchorFrame };
    const heard: Progress[] = [];
    const estimate = estimateSpace(
      observations,
      SIZE,
      { focalPx: 700 },
      { onProgress: (progress) => heard.push(progress) },
    );
    // One progress over all attempts: it never goes back, and what there is to do stays the same.
    expect(heard.length).toBeGreaterThan(60);
    expect(new Set(heard.map(({ total }) => total)).size).toBe(1);
    heard.forEach(({ done, total }, i) => {
      expect(done).toBeGreaterThanOrEqual(heard[Math.max(0, i - 1)].done);
      expect(done).toBeLessThan(total);
    });
    const told = judge({ ...scene, observations }, estimate);
    expect(told.estimate.why).toBeNull();
    expect(told.estimate.cameras?.frameCount).toBe(61);
    expect(told.absRel).toBeLessThan(0.2);
  });

  it("finds the camera's path up to scale", () => {
    const scene = makeScene({ seed: 4, move: "walk", parallaxPx: 65 });
    const { estimate } = judge(scene);
    if (!estimate.cameras) throw new Error("nothing known");
    const truth = centresOf(scene.cameras);
    const found = centresOf(estimate.cameras);
    const aligned = applySimilarity(fitSimilarity(found, truth), found);
    const error = Math.sqrt(aligned.reduce((sum, v, i) => sum + (v - truth[i]) ** 2, 0) / 21);
    expect(error).toBeLessThan(0.02 * Math.hypot(...truth.subarray(0, 3)));
  });

  it("mirrored and shuffled tracks tell the same relief", () => {
    const scene = makeScene({ seed: 3, move: "walk", parallaxPx: 30 });
    const plain = judge(scene).estimate;
    const mirrored = estimateSpace(
      retold(scene, (t, n) => [t, n, -1, SIZE.width - 1]),
      SIZE,
      { focalPx: 700 },
    );
    const count = scene.movingN.length;
    const shuffled = estimateSpace(
      retold(scene, (t, n) => [t, (n * 7) % count, 1, 0]),
      SIZE,
      { focalPx: 700 },
    );
    if (!plain.cameras || !mirrored.cameras) throw new Error("nothing known");
    for (let n = 0; n < count; n += 11) {
      const own = plain.inverseDepthN[(n * 7) % count];
      expect(Math.abs(Math.log(shuffled.inverseDepthN[n] / own))).toBeLessThan(0.02);
      const same = plain.inverseDepthN[n];
      expect(Math.abs(Math.log(mirrored.inverseDepthN[n] / same))).toBeLessThan(0.02);
    }
    expect(mirrored.cameras.translationT3[0]).toBeCloseTo(-plain.cameras.translationT3[0], 2);
    expect(mirrored.cameras.translationT3[2]).toBeCloseTo(plain.cameras.translationT3[2], 2);
  });

  it("is cancelled between steps", () => {
    const { observations } = makeScene({ seed: 1, move: "walk", parallaxPx: 20 });
    const signal = AbortSignal.abort();
    expect(() => estimateSpace(observations, SIZE, {}, { signal })).toThrow("Cancelled");
  });

  it("a relief keeps movers out and says which cells were measured", () => {
    const scene = makeScene({ seed: 2, move: "walk", parallaxPx: 65, moving: 0.25 });
    const { estimate } = judge(scene);
    const relief = reliefOf(estimate, gridOf(scene), SIZE, 26, 15);
    if (!relief) throw new Error("nothing known");
    expect(estimate.stateN.filter((state) => state === MOVING).length).toBeGreaterThan(70);
    // Its median is that of its own cells, movers filled in.
    const offsets = [...relief.inverseDepth].flatMap((rho, n) =>
      scene.movingN[n] ? [] : [Math.log(rho / scene.inverseDepthN[n])],
    );
    const common = medianOf(offsets);
    const errors = offsets.map((offset) => Math.abs(offset - common));
    expect(medianOf(errors)).toBeLessThan(0.1);
    expect(relief.known?.some((known) => known === 0)).toBe(true);
  });
});

function gridOf({ observations: { tracks, anchorFrame } }: Scene): Float32Array {
  const { pointCount, tracksTN2 } = tracks;
  return tracksTN2.slice(2 * anchorFrame * pointCount, 2 * (anchorFrame + 1) * pointCount);
}
