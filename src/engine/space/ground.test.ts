import { expect, test } from "vitest";
import { STATIC, UNKNOWN } from "../../domain/space-field.ts";
import { createTracks } from "../../domain/tracks.ts";
import { randomStream } from "../random/philox.ts";
import { medianOf } from "./adjustment.ts";
import { estimateSpace } from "./estimate.ts";
import type { Observations } from "./observations.ts";
import { reliefOf } from "./surface.ts";

const SIZE = { width: 832, height: 480 };
const [COLUMNS, ROWS] = [26, 15];
const FOCAL_PX = 700;
const HORIZON_Y = 215;
const FRAMES = 31;
const TEXTURED = 100;
const CENTRE = [(SIZE.width - 1) / 2, (SIZE.height - 1) / 2];

interface Road {
  /** How far the camera goes down a unit that it goes along the ground. */
  readonly sinks?: number;
  /** It goes sideways instead. */
  readonly sideways?: boolean;
  /** Bumps of the marks on the ground, in log depth. */
  readonly bumps?: number;
}

/**
 * A street: level ground to the horizon, walls on both sides, a lorry that stands on it. Bare ground stands still in
 * the picture; marks on it, every sixth point, hold.
 */
function street({ sinks = 0, sideways = false, bumps = 0 }: Road = {}) {
  const count = COLUMNS * ROWS;
  const random = randomStream(5, 11);
  const noise = new Float32Array(2 * FRAMES * count);
  random.fillNormal(noise);
  const xyN2 = Float32Array.from({ length: 2 * count }, (_, i) => {
    const n = i >> 1;
    return i % 2 ? (Math.floor(n / COLUMNS) + 0.5) * 32 : ((n % COLUMNS) + 0.5) * 32;
  });
  const truthN = new Float64Array(count);
  const kindN = Array.from({ length: count }, (_, n) => {
    const [x, y] = [xyN2[2 * n], xyN2[2 * n + 1]];
    const below = (y - HORIZON_Y) / 50;
    const wall = Math.abs(x - CENTRE[0]) / 130;
    const onLorry = Math.abs(x - 590) < 60 && y > 180 && y < 330;
    const lorry = (330 - HORIZON_Y) / 50;
    truthN[n] = onLorry ? lorry : Math.max(0.05, below, wall);
    if (onLorry) return "lorry";
    return below > wall ? "ground" : "wall";
  });
  const textureN = Float32Array.from(kindN, (kind, n) => {
    if (kind === "lorry") return n % 2 ? TEXTURED : 0;
    return kind === "wall" || n % 6 === 0 ? TEXTURED : 0;
  });
  const tracks = createTracks(FRAMES, count);
  tracks.visibilityTN.fill(1);
  for (let t = 0; t < FRAMES; t++) {
    const back = 0.02 * (FRAMES - 1 - t);
    // A level way meets the picture on the horizon.
    const level = (HORIZON_Y - CENTRE[1]) / FOCAL_PX;
    const way = sideways ? [back, 0, 0.1 * back] : [0.02 * back, (level - sinks) * back, back];
    for (let n = 0; n < count; n++) {
      const rough = kindN[n] === "ground" ? Math.exp(bumps * Math.sin(12.9 * n)) : 1;
      const rho = textureN[n] ? truthN[n] * rough : 0;
      const z = 1 + way[2] * rho;
      for (const c of [0, 1]) {
        const i = 2 * (t * count + n) + c;
        const jitter = t === FRAMES - 1 ? 0 : 0.2 * noise[i];
        const at = xyN2[2 * n + c] - CENTRE[c];
        tracks.tracksTN2[i] = CENTRE[c] + (at + FOCAL_PX * way[c] * rho) / z + jitter;
      }
    }
  }
  const observations: Observations = { tracks, anchorFrame: FRAMES - 1, textureN };
  const field = estimateSpace(observations, SIZE, { focalPx: FOCAL_PX });
  const bare = (kind: string) =>
    kindN.flatMap((own, n) => (own === kind && !textureN[n] ? [n] : []));
  return { field, truthN, xyN2, kindN, bare };
}

test("bare asphalt is told as level ground, and covered by its deviation", () => {
  const { field, truthN, xyN2, kindN, bare } = street();
  expect(field.why).toBeNull();
  const ground = bare("ground");
  const told = ground.filter((n) => field.groundN?.[n]);
  expect(told.length).toBeGreaterThan(0.5 * ground.length);
  const still = kindN.flatMap((kind, n) =>
    kind === "wall" && field.stateN[n] === STATIC ? [n] : [],
  );
  const scale = medianOf(still.map((n) => truthN[n] / field.inverseDepthN[n]));
  const off = (n: number) => Math.abs(Math.log((scale * field.inverseDepthN[n]) / truthN[n]));
  expect(medianOf(told.map(off))).toBeLessThan(0.1);
  expect(told.filter((n) => off(n) < 2 * field.sigmaLogN[n]).length).toBeGreaterThan(
    0.9 * told.length,
  );
  // No track tells them: they stay out of what cameras are found by. The relief has them all the same.
  expect(told.filter((n) => field.stateN[n] !== UNKNOWN)).toEqual([]);
  const relief = reliefOf(field, xyN2, SIZE, COLUMNS, ROWS);
  expect(told.filter((n) => relief?.known && !relief.known[n])).toEqual([]);
  // What stands on the ground is none, nor is what is beside it.
  expect(bare("lorry").filter((n) => field.groundN?.[n])).toEqual([]);
});

test.each([
  { what: "a camera that goes sideways", road: { sideways: true } },
  { what: "a way that leads into the ground", road: { sinks: 0.25 } },
  { what: "marks that agree on no plane", road: { bumps: 1.5 } },
])("no ground is made up: $what", ({ road }) => {
  expect(street(road).field.groundN).toBeUndefined();
});
