import { beforeAll, describe, expect, it } from "vitest";
import type { GrayFrame } from "../../../domain/clip.ts";
import { loadTrackingKernel } from "../../kernels/build.ts";
import { IDENTITY_WARP, type Match, type Patch, type Plane, TrackingKernel } from "./kernel.ts";

const size = { width: 90, height: 70 };
/** Smooth and never the same twice: a match has one place only. */
const brightness = (x: number, y: number) =>
  128 + 60 * Math.sin(x / 5 + 0.3 * Math.sin(y / 4)) + 50 * Math.cos(y / 6 + x / 17);

function picture(shiftX = 0, shiftY = 0, gain = 1): GrayFrame {
  const gray = new Uint8Array(size.width * size.height);
  for (let i = 0; i < gray.length; i++) {
    const x = i % size.width;
    const y = Math.floor(i / size.width);
    gray[i] = Math.round(gain * brightness(x - shiftX, y - shiftY));
  }
  return { size, gray };
}

/** Bilinear, the border's value outside. */
function sampleAt({ gray }: GrayFrame, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), size.width - 1.001);
  const cy = Math.min(Math.max(y, 0), size.height - 1.001);
  const [ix, iy] = [Math.floor(cx), Math.floor(cy)];
  const at = (dx: number, dy: number) => gray[(iy + dy) * size.width + ix + dx];
  const row = (dy: number) => at(0, dy) + (cx - ix) * (at(1, dy) - at(0, dy));
  return row(0) + (cy - iy) * (row(1) - row(0));
}

describe("TrackingKernel", () => {
  let module: WebAssembly.Module;
  let kernel: TrackingKernel;
  let patch: Patch;
  let match: Match;
  const plane = (frame: GrayFrame): Plane => kernel.fullPlane(frame);

  beforeAll(async () => {
    module = await loadTrackingKernel();
    kernel = new TrackingKernel(module);
    patch = kernel.createPatch({ radius: 8, spread: 0.7, invariant: true });
    match = kernel.createMatch();
  });

  it.each([
    ["inside", 40.3, 30.6],
    ["at the left and upper border", 3.2, 2.7],
    ["at the right and lower border", 86.9995, 67.4],
    ["beyond the border", 93.2, 30.5],
  ])("compares a patch with itself, moved: %s", (_, x, y) => {
    const frame = picture();
    kernel.cut(patch, plane(frame), 40.3, 30.6, IDENTITY_WARP);
    match.moveTo(x, y);
    kernel.compare(match, patch, plane(frame));
    const sums = { w: 0, s: 0, t: 0, ss: 0, st: 0, tt: 0 };
    for (let v = -8; v <= 8; v++) {
      for (let u = -8; u <= 8; u++) {
        if (x + u < 0 || y + v < 0 || x + u > size.width - 1 || y + v > size.height - 1) continue;
        const w = Math.fround(Math.exp(-(u * u + v * v) / (2 * (0.7 * 8) ** 2)));
        const s = sampleAt(frame, x + u, y + v);
        const t = Math.fround(sampleAt(frame, 40.3 + u, 30.6 + v));
        sums.w += w;
        sums.s += w * s;
        sums.t += w * t;
        sums.ss += w * s * s;
        sums.st += w * s * t;
        sums.tt += w * t * t;
      }
    }
    const variance = (squares: number, sum: number) => squares / sums.w - (sum / sums.w) ** 2;
    const vs = variance(sums.ss, sums.s);
    const vt = variance(sums.tt, sums.t);
    const covariance = sums.st / sums.w - (sums.s * sums.t) / sums.w ** 2;
    const gain = Math.min(2, Math.max(0.5, covariance / (vt + 0.5)));
    const rest = Math.max(0, vs - 2 * gain * covariance + gain * gain * vt);
    expect(match.rms).toBeCloseTo(Math.sqrt(rest), 3);
    expect(match.correlation).toBeCloseTo(covariance / Math.sqrt((vs + 0.5) * (vt + 0.5)), 5);
  });

  it.each([
    ["inside", 40.3, 30.6, 1],
    ["inside, in other light", 40.3, 30.6, 0.8],
    ["at a corner", 4.4, 5.1, 1],
    ["at the other corner", 85.2, 65.7, 1],
  ])("finds where a picture has moved: %s", (_, x, y, gain) => {
    kernel.cut(patch, plane(picture()), x, y, IDENTITY_WARP);
    match.moveTo(x, y);
    kernel.align(match, patch, plane(picture(1.7, -0.9, gain)), x, y, 0, 30);
    expect(match.x).toBeCloseTo(x + 1.7, 1);
    expect(match.y).toBeCloseTo(y - 0.9, 1);
  });

  it("stays with the prior where the patch says nothing", () => {
    const plain = plane({ size, gray: new Uint8Array(size.width * size.height).fill(90) });
    kernel.cut(patch, plain, 40, 30, IDENTITY_WARP);
    expect(patch.mostTexture).toBe(0);
    match.moveTo(44, 31);
    kernel.align(match, patch, plain, 42.25, 28.5, patch.windowSum, 20);
    expect([match.x, match.y]).toEqual([42.25, 28.5]);
  });

  it("cuts through a warp what lies there", () => {
    // Turned by a quarter, the picture's x direction is the patch's −y direction.
    const frame = picture();
    const turned: GrayFrame = {
      size,
      gray: frame.gray.map((_, i) => {
        const u = (i % size.width) - 40;
        const v = Math.floor(i / size.width) - 30;
        return Math.round(sampleAt(frame, 40 - v, 30 + u));
      }),
    };
    kernel.cut(patch, plane(frame), 40, 30, Float64Array.of(0, -1, 1, 0));
    match.moveTo(40, 30);
    kernel.compare(match, patch, plane(turned));
    expect(match.correlation).toBeGreaterThan(0.999);
  });

  it("halves pictures of even and odd size by the kernel (1 3 3 1)/8, borders repeated", () => {
    for (const [width, height] of [
      [113, 97],
      [104, 100],
    ]) {
      const gray = Uint8Array.from({ length: width * height }, (_, i) => (i * 37 + (i >> 5)) & 255);
      const fresh = new TrackingKernel(module);
      const { levels } = fresh.buildPyramid({ size: { width, height }, gray }, 2);
      const [half, quarter] = levels.map((level) => fresh.samplesOf(level));
      const [w, h] = [width >> 1, height >> 1];
      expect([...half]).toEqual(halved([...gray], width, height));
      expect([...quarter]).toEqual(halved([...half], w, h).map(Math.fround));
    }
  });

  it("puts a pyramid where one was given back, as it would have been elsewhere", () => {
    const fresh = new TrackingKernel(module);
    const first = fresh.buildPyramid(picture(), 3);
    const samples = (pyramid: typeof first) =>
      pyramid.levels.map((level) => fresh.samplesOf(level));
    const elsewhere = samples(fresh.buildPyramid(picture(3, 2), 3));
    fresh.giveBack(first);
    const again = fresh.buildPyramid(picture(3, 2), 3);
    expect(again.levels.map(({ at }) => at)).toEqual(first.levels.map(({ at }) => at));
    expect(samples(again)).toEqual(elsewhere);
    const next = fresh.buildPyramid(picture(), 3);
    expect(next.levels[0].at).not.toBe(first.levels[0].at);
  });

  it("starts afresh after clear", () => {
    const fresh = new TrackingKernel(module);
    const results = [0, 1].map(() => {
      fresh.clear();
      const own = fresh.createPatch({ radius: 5, spread: 0.9, invariant: true });
      const { levels } = fresh.buildPyramid(picture(), 3);
      fresh.cut(own, levels[0], 20, 15, IDENTITY_WARP);
      return [own.at, own.windowSum, own.leastTexture, own.mostTexture];
    });
    expect(results[1]).toEqual(results[0]);
  });
});

function halved(samples: number[], width: number, height: number): number[] {
  const at = (x: number, y: number) =>
    samples[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))];
  const out: number[] = [];
  for (let y = 0; y < height >> 1; y++) {
    for (let x = 0; x < width >> 1; x++) {
      let sum = 0;
      for (const [j, b] of [1, 3, 3, 1].entries()) {
        for (const [i, a] of [1, 3, 3, 1].entries())
          sum += a * b * at(2 * x - 1 + i, 2 * y - 1 + j);
      }
      out.push(sum / 64);
    }
  }
  return out;
}
