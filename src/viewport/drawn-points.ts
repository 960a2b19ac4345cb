import { GRID_COLUMNS, POINT_COUNT } from "../domain/grid.ts";

/** Points drawn at a grid density; where the points are no grid, every stride²-th one. */
export function drawnPoints(pointCount: number, stride: number): number[] {
  const points: number[] = [];
  const half = Math.floor(stride / 2);
  for (let n = 0; n < pointCount; n++) {
    const onGrid =
      pointCount === POINT_COUNT
        ? (n % GRID_COLUMNS) % stride === half && Math.floor(n / GRID_COLUMNS) % stride === half
        : n % (stride * stride) === 0;
    if (onGrid) points.push(n);
  }
  return points;
}
