import { GRID_COLUMNS, GRID_ROWS } from "../../domain/grid.ts";

/** Picked points as their rows and columns, counted from 1: "4-7, 5-7". */
export function pickedText(points: readonly number[]): string {
  return points
    .map((n) => `${Math.floor(n / GRID_COLUMNS) + 1}-${(n % GRID_COLUMNS) + 1}`)
    .join(", ");
}

/** Points that a text of rows and columns names, each once; null where it names something else. */
export function pickedPoints(text: string): number[] | null {
  const points = new Set<number>();
  for (const part of text.split(/[,;]/).map((word) => word.trim())) {
    if (part === "") continue;
    const [, row, column] = /^(\d+)\s*[-:. ]\s*(\d+)$/.exec(part)?.map(Number) ?? [];
    const isOnGrid = row >= 1 && row <= GRID_ROWS && column >= 1 && column <= GRID_COLUMNS;
    if (!isOnGrid) return null;
    points.add((row - 1) * GRID_COLUMNS + column - 1);
  }
  return [...points];
}
