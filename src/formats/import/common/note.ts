import type { NpyArray } from "../../containers/npy.ts";
import type { ArrayNote } from "./types.ts";

/** What an array holds, in short. */
export function noteOf(name: string, { shape, dtype, data }: NpyArray): ArrayNote {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let nonFinite = 0;
  let first = -1;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (Number.isFinite(value)) {
      if (value < min) min = value;
      if (value > max) max = value;
    } else {
      if (first < 0) first = i;
      nonFinite++;
    }
  }
  const known = max >= min;
  return {
    name,
    shape,
    dtype,
    min: known ? min : 0,
    max: known ? max : 0,
    nonFinite,
    ...(first >= 0 ? { firstNonFinite: `[${location(first, shape).join(", ")}]` } : {}),
  };
}

export function location(index: number, shape: readonly number[]): number[] {
  const at: number[] = [];
  let rest = index;
  for (let d = shape.length - 1; d >= 0; d--) {
    at.unshift(rest % shape[d]);
    rest = Math.floor(rest / shape[d]);
  }
  return at;
}
