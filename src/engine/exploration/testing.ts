import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import type { PictureSight } from "../../domain/latent.ts";
import { HORIZON_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/studio-defaults.ts";
import type { LatentFields } from "../models/kind.ts";

/** Time rows of the fields of tests: going steadily away, and to and fro; orthonormal. */
export function timeRows(): number[][] {
  const T = HORIZON_FRAMES;
  const ramp = Array.from({ length: T }, (_, t) => t + 1);
  const length = Math.hypot(...ramp);
  const away = ramp.map((v) => v / length);
  const wave = ramp.map((_, t) => Math.sin((2 * Math.PI * (t + 1)) / T));
  const along = wave.reduce((sum, v, t) => sum + v * away[t], 0);
  const rest = wave.map((v, t) => v - along * away[t]);
  const size = Math.hypot(...rest);
  return [away, rest.map((v) => v / size)];
}

/** A picture whose left third moves; everything else is ground. Latent: 3 numbers of shape, 1 of size. */
export function leftMover(): PictureSight {
  const queryXyN2 = gridQueryXyN2();
  return {
    picture: "ab".repeat(32),
    latentSize: 4,
    parts: [
      { name: "shape", from: 0, length: 3 },
      { name: "size", from: 3, length: 1 },
    ],
    frameCount: HORIZON_FRAMES,
    timeBasisCT: Float32Array.from(timeRows().flat()),
    queryXyN2,
    width: WORKING_WIDTH,
    height: WORKING_HEIGHT,
    movingN: Float32Array.from({ length: POINT_COUNT }, (_, n) =>
      queryXyN2[2 * n] < WORKING_WIDTH / 3 ? 0.9 : 0.01,
    ),
    extentN: new Float32Array(POINT_COUNT).fill(40),
    finer: [],
  };
}

/** Coefficients [C,2,N] of movers that all go by (x, y) px a root mean square frame. */
export function shiftField(sight: PictureSight, x: number, y: number, row = 0): Float32Array {
  const { movingN, timeBasisCT, frameCount } = sight;
  const pointCount = movingN.length;
  const field = new Float32Array((timeBasisCT.length / frameCount) * 2 * pointCount);
  const scale = Math.sqrt(frameCount);
  movingN.forEach((moving, n) => {
    if (moving < 0.5) return;
    field[2 * row * pointCount + n] = scale * x;
    field[(2 * row + 1) * pointCount + n] = scale * y;
  });
  return field;
}

/**
 * Movers that go left (z₀ below −0.5), up (above 0.5), or stay; a little jitter from z₁ and z₂, and
 * size as exp(0.2·z₃).
 */
export function choosingFields(sight = leftMover()): LatentFields {
  return {
    sight,
    async fields(latentsKL) {
      const parts: Float32Array[] = [];
      for (let k = 0; k < latentsKL.length; k += 4) {
        const [choice, a, b, size] = latentsKL.subarray(k, k + 4);
        const far = 60 * Math.exp(0.2 * size);
        const x = choice < -0.5 ? -far : 0;
        const y = choice > 0.5 ? -far : 0;
        parts.push(shiftField(sight, x + a, y + b));
      }
      const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      for (const [k, part] of parts.entries()) out.set(part, k * part.length);
      return out;
    },
  };
}
