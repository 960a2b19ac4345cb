import type { Size } from "./clip.ts";

/** Where a relief came from, in the order in which one is preferred. */
export type ReliefSource = "imported" | "parallax" | "guessed" | "ground";

/**
 * How near the scene is at "now": inverse depth over the picture, row-major cells of `columns`×`rows`
 * that cover the frame evenly; a value is that of its cell's centre. It is relative: the median of what
 * is known is 1, so that the scene's unknown scale cancels. Everywhere finite and above 0.
 */
export interface Relief {
  readonly source: ReliefSource;
  readonly columns: number;
  readonly rows: number;
  /** [rows·columns] 1 / depth. */
  readonly inverseDepth: Float32Array;
  /** [rows·columns] standard deviation of the logarithm of the depth, where it is known. */
  readonly sigmaLog?: Float32Array;
  /** [rows·columns] 1 = measured, 0 = filled in from around it. Absent: all measured. */
  readonly known?: Uint8Array;
  /** Focal length that goes with it, videoPx, where the source tells one. */
  readonly focalPx?: number;
}

/** Neighbouring cells whose depths differ by more than this factor's logarithm lie on two surfaces. */
export const EDGE_LOG_DEPTH = 0.15;

/**
 * Inverse depth at (x,y) videoPx of a frame of that size: bilinear between cell centres that lie on one
 * surface; across an edge of depth the nearest cell's own, so that nothing floats between the two.
 * Positions beyond the outer centres take the values of the border.
 */
export function inverseDepthAt(relief: Relief, size: Size, x: number, y: number): number {
  const { columns, rows, inverseDepth } = relief;
  const u = clamped(((x + 0.5) * columns) / size.width - 0.5, columns - 1);
  const v = clamped(((y + 0.5) * rows) / size.height - 0.5, rows - 1);
  const column = Math.min(Math.floor(u), Math.max(0, columns - 2));
  const row = Math.min(Math.floor(v), Math.max(0, rows - 2));
  const right = Math.min(1, columns - 1);
  const below = rows > 1 ? columns : 0;
  const at = row * columns + column;
  const a = inverseDepth[at];
  const b = inverseDepth[at + right];
  const c = inverseDepth[at + below];
  const d = inverseDepth[at + below + right];
  const [s, t] = [u - column, v - row];
  if (Math.max(a, b, c, d) > Math.min(a, b, c, d) * EDGE_FACTOR) {
    return inverseDepth[at + (s < 0.5 ? 0 : right) + (t < 0.5 ? 0 : below)];
  }
  return (1 - t) * ((1 - s) * a + s * b) + t * ((1 - s) * c + s * d);
}

const EDGE_FACTOR = Math.exp(EDGE_LOG_DEPTH);

/** Whether the cell at (x,y) videoPx was measured. */
export function isKnownAt(
  { columns, rows, known }: Relief,
  { width, height }: Size,
  x: number,
  y: number,
): boolean {
  if (!known) return true;
  const column = clamped(Math.floor(((x + 0.5) * columns) / width), columns - 1);
  const row = clamped(Math.floor(((y + 0.5) * rows) / height), rows - 1);
  return known[row * columns + column] !== 0;
}

/** (x,y) videoPx of the centre of a relief's cell in a frame of that size. */
export function cellCentre(
  { columns, rows }: Pick<Relief, "columns" | "rows">,
  { width, height }: Size,
  column: number,
  row: number,
): readonly [number, number] {
  return [((column + 0.5) * width) / columns - 0.5, ((row + 0.5) * height) / rows - 0.5];
}

/**
 * The same relief with its median of what is known at 1.
 * @throws RangeError where nothing is known, or a value is not finite and above 0.
 */
export function normalisedRelief(relief: Relief): Relief {
  const { inverseDepth, known } = relief;
  if (!inverseDepth.every((value) => value > 0 && Number.isFinite(value))) {
    throw new RangeError("relief: an inverse depth is not finite and above 0");
  }
  const values = inverseDepth.filter((_, i) => known?.[i] !== 0).sort();
  const middle = values.length >> 1;
  if (values.length === 0) throw new RangeError("relief: nothing is known of it");
  const median = values.length % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return { ...relief, inverseDepth: inverseDepth.map((value) => value / median) };
}

function clamped(value: number, most: number): number {
  return Math.min(Math.max(0, value), Math.max(0, most));
}
