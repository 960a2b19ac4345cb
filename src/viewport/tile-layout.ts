import type { Rect } from "../domain/fitting.ts";

/** Rows and columns that give the largest pictures of the given aspect. */
export function tileLayout(
  count: number,
  width: number,
  height: number,
  aspect: number,
  gap: number,
): Rect[] {
  let best = { columns: 1, rows: count, size: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const w = (width - gap * (columns - 1)) / columns;
    const h = (height - gap * (rows - 1)) / rows;
    const size = Math.min(w, h * aspect);
    if (size > best.size) best = { columns, rows, size };
  }
  const w = (width - gap * (best.columns - 1)) / best.columns;
  const h = (height - gap * (best.rows - 1)) / best.rows;
  return Array.from({ length: count }, (_, i) => ({
    x: Math.round((i % best.columns) * (w + gap)),
    y: Math.round(Math.floor(i / best.columns) * (h + gap)),
    width: Math.max(1, Math.floor(w)),
    height: Math.max(1, Math.floor(h)),
  }));
}
