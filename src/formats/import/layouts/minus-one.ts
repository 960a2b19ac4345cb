import type { NpyArray } from "../../containers/npy.ts";
import type { Layout } from "./layout.ts";

const SHOWN = "not at −1, −1";

/**
 * Wan2GP hides a point by the position (−1, −1) in an array that has no visibility beside it. Only where
 * no other position is negative: a tracker may well follow a point a pixel out of the picture.
 */
export const minusOneHidden: Layout = {
  recognise({ arrays }) {
    if (arrays.size !== 1) return null;
    const [[name, array]] = arrays;
    const shown = shownPairs(array);
    if (!shown) return null;
    const data = Float64Array.from(array.data, (v, i) => (shown[i >> 1] ? v : Number.NaN));
    const tracks = `${name} without −1`;
    return {
      derived: new Map<string, NpyArray>([
        [tracks, { shape: array.shape, dtype: "float64", data }],
        [SHOWN, { shape: array.shape.slice(0, -1), dtype: "bool", data: shown }],
      ]),
      hints: {
        tracks,
        notTracks: [name],
        visibility: { array: SHOWN, meaning: "visible", threshold: 0.5 },
        notes: ["Positions (−1, −1) are hidden points, as Wan2GP writes them."],
      },
    };
  },
};

/** 1 a pair that is not (−1, −1); null where there is none such or another value is negative. */
function shownPairs({ shape, data }: NpyArray): Uint8Array | null {
  if (shape[shape.length - 1] !== 2) return null;
  const shown = new Uint8Array(data.length / 2).fill(1);
  let hidden = 0;
  for (let i = 0; i < shown.length; i++) {
    const [x, y] = [data[2 * i], data[2 * i + 1]];
    if (x === -1 && y === -1) {
      shown[i] = 0;
      hidden++;
    } else if (x < 0 || y < 0) return null;
  }
  return hidden > 0 ? shown : null;
}
