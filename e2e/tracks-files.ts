import { writeNpy } from "../src/formats/containers/npy.ts";
import { writeNpz } from "../src/formats/containers/npz.ts";

/** Frames of the sample "Crossing" at 16 fps; the middle one is "now". */
const FRAMES = 112;
const NOW = 55;
const COLUMNS = 42;
const POINTS = COLUMNS * 24;

/** How far a point is from its place at "now", px of 832×480: not the same in x and y. */
export function displacement(framesFromNow: number): [number, number] {
  return [0.8 * framesFromNow, 10 * Math.sin(framesFromNow / 20)];
}

function position(n: number, t: number): [number, number] {
  const [dx, dy] = displacement(t - NOW);
  return [(n % COLUMNS) * 20 + 6 + dx, Math.floor(n / COLUMNS) * 20 + 9 + dy];
}

/** Values of each (point, frame) in the order of [N,T,2] or [T,N,2]. */
function positions(
  order: "NT" | "TN",
  write: (x: number, y: number) => [number, number],
): Float32Array {
  const out = new Float32Array(POINTS * FRAMES * 2);
  for (let n = 0; n < POINTS; n++) {
    for (let t = 0; t < FRAMES; t++) {
      const i = order === "NT" ? n * FRAMES + t : t * POINTS + n;
      out.set(write(...position(n, t)), 2 * i);
    }
  }
  return out;
}

const occluded = Uint8Array.from({ length: POINTS * FRAMES }, (_, i) =>
  Math.floor(i / FRAMES) % 7 === 0 && i % FRAMES > 20 && i % FRAMES < 40 ? 1 : 0,
);

function tapvid(points: Float32Array): Uint8Array {
  return writeNpz([
    { name: "points", shape: [POINTS, FRAMES, 2], dtype: "float32", values: points },
    { name: "occluded", shape: [POINTS, FRAMES], dtype: "bool", values: occluded },
  ]);
}

const named = (name: string, bytes: Uint8Array) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(bytes),
});

/** Points from 0 to 1, as TAP-Vid stores them. */
export const tapvidUnit = () =>
  named("tapvid.npz", tapvid(positions("NT", (x, y) => [(x + 0.5) / 832, (y + 0.5) / 480])));

/** Pixels with y first, counted from the picture's edge. */
export const tapvidYx = () =>
  named("tapvid-yx.npz", tapvid(positions("NT", (x, y) => [y + 0.5, x + 0.5])));

/** [1,T,N,2] pixels and [1,T,N], each in its own file. */
export const cotracker = () => {
  const seen = new Uint8Array(FRAMES * POINTS).fill(1);
  const xy = positions("TN", (x, y) => [x, y]);
  return [
    named("pred_tracks.npy", writeNpy([1, FRAMES, POINTS, 2], "float32", xy)),
    named("pred_visibility.npy", writeNpy([1, FRAMES, POINTS], "bool", seen)),
  ];
};

export const pickle = () => named("tapvid_davis.pkl", Uint8Array.of(0x80, 4, 0x95, 0, 0, 0, 0, 0));
