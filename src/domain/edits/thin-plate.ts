import type { Pair } from "./placing.ts";

/** A smooth map of the plane. */
export interface Warp {
  at(x: number, y: number): [number, number];
  /** Its derivatives there: [∂x'/∂x, ∂x'/∂y, ∂y'/∂x, ∂y'/∂y]. */
  slopeAt(x: number, y: number): [number, number, number, number];
}

/** Places are counted in hundreds of px, so that the numbers of the system are of one size. */
const UNIT_PX = 100;

/**
 * The map that takes each pair's (x,y) to its (x',y') and bends least: thin-plate splines (Bookstein,
 * 1989, section II), U(r) = r²·ln r². Null where places coincide or lie on one line.
 */
export function thinPlate(pairs: readonly Pair[]): Warp | null {
  const places = pairs.map(([x, y]) => [x / UNIT_PX, y / UNIT_PX] as const);
  const n = places.length;
  const rows = places.map(([x, y], i) => [
    ...places.map(([u, v]) => bend((x - u) ** 2 + (y - v) ** 2)),
    ...[1, x, y],
    ...[pairs[i][2], pairs[i][3]],
  ]);
  for (const k of [0, 1, 2]) {
    rows.push([...places.map(([x, y]) => [1, x, y][k]), 0, 0, 0, 0, 0]);
  }
  const solved = solve(rows);
  if (!solved) return null;
  const value = (x: number, y: number, axis: number) =>
    places.reduce(
      (sum, [u, v], i) => sum + solved[i][axis] * bend((x - u) ** 2 + (y - v) ** 2),
      solved[n][axis] + solved[n + 1][axis] * x + solved[n + 2][axis] * y,
    );
  const slope = (x: number, y: number, axis: number): [number, number] => {
    let [sx, sy] = [solved[n + 1][axis], solved[n + 2][axis]];
    for (const [i, [u, v]] of places.entries()) {
      const k = solved[i][axis] * bendSlope((x - u) ** 2 + (y - v) ** 2);
      sx += k * (x - u);
      sy += k * (y - v);
    }
    return [sx / UNIT_PX, sy / UNIT_PX];
  };
  return {
    at: (x, y) => [0, 1].map((axis) => value(x / UNIT_PX, y / UNIT_PX, axis)) as [number, number],
    slopeAt: (x, y) => [
      ...slope(x / UNIT_PX, y / UNIT_PX, 0),
      ...slope(x / UNIT_PX, y / UNIT_PX, 1),
    ],
  };
}

const bend = (r2: number) => (r2 > 0 ? r2 * Math.log(r2) : 0);
const bendSlope = (r2: number) => (r2 > 0 ? 2 * (Math.log(r2) + 1) : 0);

const LEAST_PIVOT = 1e-9;

/** Gauss with pivots, in place: rows [n][n + columns] → [n][columns]; null where it is singular. */
function solve(rows: number[][]): number[][] | null {
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    if (!(Math.abs(rows[pivot][k]) > LEAST_PIVOT)) return null;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = 0; i < n; i++) {
      const share = i === k ? 0 : rows[i][k] / rows[k][k];
      if (share === 0) continue;
      for (let j = k; j < rows[i].length; j++) rows[i][j] -= share * rows[k][j];
    }
  }
  return rows.map((row, k) => row.slice(n).map((v) => v / row[k]));
}
