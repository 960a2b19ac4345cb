import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { paperParzenNll } from "./parzen.ts";

const golden = JSON.parse(
  readFileSync(new URL("./testdata/parzen-golden.json", import.meta.url), "utf8"),
) as { nll: number };

const FRAMES = 16;
const startN2 = gridQueryXyN2();
const ground = { fps: 16, startN2, width: 832, height: 480 };

/** As in testdata/make_parzen_golden.py. */
function movedPx(t: number, n: number, axis: number, number: number): number {
  const wave = Math.sin(0.05 * n + 0.9 * axis + number);
  return t * wave + 0.3 * number * Math.sin(0.4 * t + 0.02 * n);
}

function tracks(number: number): Tracks {
  const tracksTN2 = new Float32Array(FRAMES * POINT_COUNT * 2);
  const visibilityTN = new Uint8Array(FRAMES * POINT_COUNT);
  for (let i = 0; i < visibilityTN.length; i++) {
    const [t, n] = [Math.floor(i / POINT_COUNT) + 1, i % POINT_COUNT];
    visibilityTN[i] = n % 7 === 0 ? 0 : 1;
    for (const axis of [0, 1]) {
      tracksTN2[2 * i + axis] = startN2[2 * n + axis] + movedPx(t, n, axis, number);
    }
  }
  return { frameCount: FRAMES, pointCount: POINT_COUNT, tracksTN2, visibilityTN };
}

const truth = tracks(0.5);
const futures = [1, 2, 3, 4, 5].map(tracks);

test("the likelihood is that of the evaluation in Python", () => {
  const nll = paperParzenNll(futures, truth, ground) ?? Number.NaN;
  expect(Math.abs(nll - golden.nll)).toBeLessThan(1e-3 * Math.abs(golden.nll));
});

test("a future near the truth raises it, and there is none where too little is known or moves", () => {
  const nll = paperParzenNll(futures, truth, ground) ?? Number.NaN;
  expect(paperParzenNll([...futures, tracks(0.52)], truth, ground)).toBeLessThan(nll);
  const still = { ...truth, tracksTN2: new Float32Array(FRAMES * POINT_COUNT * 2) };
  for (let i = 0; i < still.tracksTN2.length; i++) still.tracksTN2[i] = startN2[i % startN2.length];
  expect(paperParzenNll([still], truth, ground)).toBeUndefined();
  const unseen = { ...truth, visibilityTN: new Uint8Array(FRAMES * POINT_COUNT) };
  expect(paperParzenNll(futures, unseen, ground)).toBeUndefined();
  expect(paperParzenNll(futures, truth, { ...ground, fps: 30 })).toBeUndefined();
});
