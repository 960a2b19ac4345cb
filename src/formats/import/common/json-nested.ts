import { FormatError } from "../../../domain/errors.ts";
import type { NpyArray } from "../../containers/npy.ts";

export const MAX_JSON_VALUES = 1 << 25;
export const JSON_WAY_OUT =
  'Use an array of tracks, each an array of {"x", "y"}, or an object of nested number arrays such as {"tracks": …, "visibility": …}.';

/** Nested arrays of equal lengths to one array; true and false count as 1 and 0, null as NaN. */
export function nestedArray(value: readonly unknown[], name: string): NpyArray {
  const shape: number[] = [];
  let level: unknown = value;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0];
  }
  const count = shape.reduce((product, n) => product * n, 1);
  if (count > MAX_JSON_VALUES)
    throw new FormatError(`“${name}” holds too many values`, "Save fewer.");
  const data = new Float64Array(count);
  let at = 0;
  const path: number[] = [];
  const place = () => `${name}${path.map((i) => `[${i}]`).join("")}`;
  const walk = (item: unknown): void => {
    if (path.length === shape.length) {
      data[at++] = scalar(item, place);
      return;
    }
    const length = shape[path.length];
    if (!Array.isArray(item) || item.length !== length) {
      throw new FormatError(`${place()} does not hold ${length} items`, JSON_WAY_OUT);
    }
    for (let i = 0; i < length; i++) {
      path.push(i);
      walk(item[i]);
      path.pop();
    }
  };
  walk(value);
  return { shape, dtype: "float64", data };
}

function scalar(value: unknown, place: () => string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null) return Number.NaN;
  throw new FormatError(`${place()} is not a number`, JSON_WAY_OUT);
}
