import type { NpyArray } from "../../containers/npy.ts";
import type { Layout } from "./layout.ts";

/** AllTracker's demo draws a point where its confidence is above this. */
const CONFIDENCE = 0.1;

/**
 * AllTracker: `visconf_maps_e` [B,T,2,H,W] beside a dense field or `visconfs_e` [B,T,N,2] beside tracks
 * hold visibility (channel 0) and confidence (channel 1). Its demo goes by the confidence.
 */
export const alltracker: Layout = {
  recognise({ arrays }) {
    for (const [name, array] of arrays) {
      const axis = channelAxis(name, array);
      if (axis < 0) continue;
      const visibility = `${name}, channel 0 (visibility)`;
      const confidence = `${name}, channel 1 (confidence)`;
      return {
        derived: new Map([
          [visibility, channel(array, axis, 0)],
          [confidence, channel(array, axis, 1)],
        ]),
        hints: {
          visibility: { array: confidence, meaning: "visible", threshold: CONFIDENCE },
          notTracks: [name],
          notes: [
            `Visible where the confidence in “${name}” is above ${CONFIDENCE}, as AllTracker's demo shows it.`,
          ],
        },
      };
    }
    return null;
  },
};

/** Which axis holds the two channels; −1 for other arrays. */
function channelAxis(name: string, { shape }: NpyArray): number {
  if (!/^visconf/i.test(name)) return -1;
  if (shape.length >= 4 && shape[shape.length - 3] === 2) return shape.length - 3;
  return shape[shape.length - 1] === 2 ? shape.length - 1 : -1;
}

function channel({ shape, data }: NpyArray, axis: number, index: number): NpyArray {
  const inner = shape.slice(axis + 1).reduce((product, n) => product * n, 1);
  const kept = [...shape.slice(0, axis), ...shape.slice(axis + 1)];
  const values = Float64Array.from({ length: data.length / 2 }, (_, i) => {
    const outer = Math.floor(i / inner);
    return data[(2 * outer + index) * inner + (i % inner)];
  });
  return { shape: kept, dtype: "float64", data: values };
}
