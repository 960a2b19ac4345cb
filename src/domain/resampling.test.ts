import fc from "fast-check";
import { expect, test } from "vitest";
import { joinFrames, resampleFrames, selectPoints } from "./resampling.ts";
import { createTracks, reverseFrames, sliceFrames } from "./tracks.ts";

function linear(frameCount: number, start: number, velocity: number) {
  const tracks = createTracks(frameCount, 2);
  tracks.visibilityTN.fill(1);
  for (let i = 0; i < frameCount * 2; i++) {
    const t = Math.floor(i / 2);
    tracks.tracksTN2[2 * i] = start + velocity * t;
    tracks.tracksTN2[2 * i + 1] = -start - 2 * velocity * t;
  }
  return tracks;
}

test("resampling linear motion in time is exact", () => {
  // Sixteenths and whole pixels are exact in float32, so equality is exact as well.
  fc.assert(
    fc.property(
      fc.integer({ min: -64, max: 64 }),
      fc.integer({ min: -32, max: 32 }),
      fc.array(fc.integer({ min: 0, max: 79 * 16 }), { minLength: 1, maxLength: 20 }),
      (start, velocity, sixteenths) => {
        const indices = sixteenths.map((v) => v / 16);
        const out = resampleFrames(linear(80, start, velocity), indices);
        indices.forEach((index, t) => {
          // Zero is zero, whatever its sign.
          expect(out.tracksTN2[4 * t] === start + velocity * index).toBe(true);
          expect(out.tracksTN2[4 * t + 1] === -start - 2 * velocity * index).toBe(true);
        });
      },
    ),
  );
});

test("whole indices copy frames bit for bit and indices beyond the ends hold them", () => {
  const tracks = linear(5, 0.1, 1 / 3);
  const out = resampleFrames(tracks, [-4, 0, 3, 9]);
  for (const [t, from] of [0, 0, 3, 4].entries()) {
    expect(sliceFrames(out, t, t + 1)).toEqual(sliceFrames(tracks, from, from + 1));
  }
});

test("between a seen and an unseen frame a point is hidden", () => {
  const tracks = linear(3, 0, 1);
  tracks.visibilityTN[2] = 0;
  const out = resampleFrames(tracks, [0, 0.5, 1, 1.5, 2]);
  expect(Array.from({ length: 5 }, (_, t) => out.visibilityTN[2 * t])).toEqual([1, 0, 0, 0, 1]);
  expect(Array.from({ length: 5 }, (_, t) => out.visibilityTN[2 * t + 1])).toEqual([1, 1, 1, 1, 1]);
});

test("choosing points keeps their order, joining keeps time", () => {
  const tracks = linear(4, 3, 1);
  const swapped = selectPoints(selectPoints(tracks, [1, 0]), [1, 0]);
  expect(swapped).toEqual(tracks);
  expect(joinFrames(sliceFrames(tracks, 0, 1), sliceFrames(tracks, 1, 4))).toEqual(tracks);
});

test("depth goes along with the positions", () => {
  const tracks = { ...linear(4, 3, 1), depthTN: Float32Array.from({ length: 8 }, (_, i) => i) };
  expect(selectPoints(selectPoints(tracks, [1, 0]), [1, 0])).toEqual(tracks);
  expect(joinFrames(sliceFrames(tracks, 0, 1), sliceFrames(tracks, 1, 4))).toEqual(tracks);
  expect(resampleFrames(tracks, [0.5]).depthTN).toEqual(Float32Array.of(1, 2));
  expect(reverseFrames(reverseFrames(tracks))).toEqual(tracks);
  expect(reverseFrames(tracks).depthTN?.slice(0, 2)).toEqual(Float32Array.of(6, 7));
});
