import { FormatError } from "../../../domain/errors.ts";
import type { NpyArray } from "../../containers/npy.ts";
import type { TrackAxes } from "./types.ts";

/** Points of a dense field are thinned to at most this many. */
export const MAX_DENSE_POINTS = 16_384;
const MAX_SAMPLES = 1 << 25;

/** Reads positions of an array by (t, n), whatever its axis order. */
export interface TracksView {
  readonly frameCount: number;
  readonly pointCount: number;
  /** Number of batch items; the first is read. */
  readonly batch: number;
  /** Every how many pixels a dense field is read; 1 otherwise. */
  readonly stride: number;
  /** Index into `data` of coordinate c (0, 1 or 2) of point n in frame t. */
  index(t: number, n: number, c: number): number;
  /** Index into a flag array of the same axes without C. */
  flagIndex(t: number, n: number): number;
}

/** Axes that an array of this shape could have. */
export function possibleAxes(shape: readonly number[]): TrackAxes[] {
  const last = shape[shape.length - 1];
  const coordinates = last === 2 || last === 3;
  const axes: TrackAxes[] = [];
  if (shape.some((n) => n === 0)) return axes;
  if (shape.length === 3 && coordinates) axes.push("TNC", "NTC");
  if (shape.length === 4 && coordinates) axes.push("BTNC", "BNTC");
  if (shape.length === 4 && shape[1] === 2) axes.push("TCHW");
  if (shape.length === 5 && shape[2] === 2) axes.push("BTCHW");
  return axes;
}

/** @throws FormatError when the shape cannot have these axes or is too large. */
export function viewTracks(array: NpyArray, axes: TrackAxes): TracksView {
  const { shape } = array;
  if (!possibleAxes(shape).includes(axes)) {
    throw new FormatError(
      `An array of ${shape.join("×")} cannot be read as ${axes}`,
      "Choose another array or axis order.",
    );
  }
  const batch = axes.startsWith("B") ? shape[0] : 1;
  const dims = axes.startsWith("B") ? shape.slice(1) : shape;
  const view = dims.length === 4 ? denseView(dims, batch) : pointView(dims, batch, axes);
  if (view.frameCount * view.pointCount > MAX_SAMPLES) {
    throw new FormatError(
      `${view.frameCount} frames of ${view.pointCount} points are too many`,
      "Save fewer frames or points.",
    );
  }
  return view;
}

function pointView(dims: readonly number[], batch: number, axes: TrackAxes): TracksView {
  const [A, B, C] = dims;
  const timeFirst = axes.endsWith("TNC");
  const flagIndex = timeFirst
    ? (t: number, n: number) => t * B + n
    : (t: number, n: number) => n * B + t;
  return {
    frameCount: timeFirst ? A : B,
    pointCount: timeFirst ? B : A,
    batch,
    stride: 1,
    flagIndex,
    index: (t, n, c) => flagIndex(t, n) * C + c,
  };
}

function denseView([T, , H, W]: readonly number[], batch: number): TracksView {
  let stride = 1;
  while (Math.ceil(H / stride) * Math.ceil(W / stride) > MAX_DENSE_POINTS) stride++;
  const columns = Math.ceil(W / stride);
  const pixel = (n: number) => Math.floor(n / columns) * stride * W + (n % columns) * stride;
  return {
    frameCount: T,
    pointCount: Math.ceil(H / stride) * columns,
    batch,
    stride,
    flagIndex: (t, n) => t * H * W + pixel(n),
    index: (t, n, c) => (2 * t + c) * H * W + pixel(n),
  };
}

/** True when `flags` has one value per (t, n) of the view's axes, ones aside. */
export function flagsFit(flags: readonly number[], tracks: readonly number[], axes: TrackAxes) {
  const coordinateAxis = axes.indexOf("C");
  const want = tracks.filter((n, i) => i !== coordinateAxis && n !== 1).join();
  return flags.filter((n) => n !== 1).join() === want;
}
