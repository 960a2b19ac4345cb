import { describe, expect, it } from "vitest";
import { createTracks } from "../../domain/tracks.ts";
import { measureAccuracy, usableTruth } from "./accuracy.ts";

const size = { width: 256, height: 256 };

function steady(frameCount: number, shift: number) {
  const tracks = createTracks(frameCount, 2);
  for (let t = 0; t < frameCount; t++) {
    tracks.tracksTN2.set([100 + t + (t > 0 ? shift : 0), 50, 20, 30], t * 4);
  }
  tracks.visibilityTN.fill(1);
  return tracks;
}

describe("measureAccuracy", () => {
  it("finds no error between equal tracks", () => {
    const truth = steady(6, 0);
    const result = measureAccuracy(truth, truth, usableTruth(truth, size), size);
    expect(result).toMatchObject({
      deltaAverage: 1,
      meanPx: 0,
      medianPx: 0,
      velocityPx: 0,
      jitterPx: 0,
      occlusionAccuracy: 1,
      count: 10,
    });
  });

  it("counts a point 3 px off as within 4, 8 and 16 only", () => {
    const truth = steady(6, 0);
    const result = measureAccuracy(steady(6, 3), truth, usableTruth(truth, size), size);
    expect(result.deltaAverage).toBeCloseTo((1 + 3 / 5) / 2);
    expect(result.meanPx).toBeCloseTo(1.5);
    expect(result.velocityPx).toBeCloseTo(3 / 4 / 2);
  });

  it("judges positions only where truth sees the point, visibility everywhere", () => {
    const truth = steady(6, 0);
    truth.visibilityTN[2 * 5] = 0;
    const mine = steady(6, 0);
    mine.tracksTN2[2 * 2 * 5] = 240;
    const result = measureAccuracy(mine, truth, usableTruth(truth, size), size);
    expect(result.meanPx).toBe(0);
    expect(result.occlusionAccuracy).toBeCloseTo(9 / 10);
  });
});

describe("usableTruth", () => {
  it("drops what follows a jump or a way out of the frame", () => {
    const truth = steady(6, 0);
    truth.tracksTN2[3 * 4] = 180;
    truth.tracksTN2[4 * 4 + 2] = -1;
    expect([...usableTruth(truth, size)]).toEqual([1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0]);
  });
});
