import { type Grid, STUDIO_GRID } from "../grid.ts";
import { HISTORY_FRAMES, HORIZON_FRAMES, WORKING_RATE } from "../studio-defaults.ts";
import type { PackManifest } from "./manifest.ts";

/** On which frame of the history the query points lie on the grid. */
export type ReferenceFrame = "last-history" | "first-history";

/** The frame, grid and lengths that a pack was made for. */
export interface PackGeometry extends Grid {
  /** Where in its cell a query point lies. */
  readonly anchor: "cell-centre" | "cell-corner";
  /** Longest history that it reads, in frames, "now" included. */
  readonly historyFrames: number;
  /** Frames of one future; the first is the frame after "now". */
  readonly horizonFrames: number;
  /** Working frames a second, or every native frame. */
  readonly rate: number | "native";
  readonly referenceFrame: ReferenceFrame;
}

/** The studio's own, before any pack is known. */
export const STUDIO_GEOMETRY: PackGeometry = {
  ...STUDIO_GRID,
  anchor: "cell-centre",
  historyFrames: HISTORY_FRAMES,
  horizonFrames: HORIZON_FRAMES,
  rate: WORKING_RATE,
  referenceFrame: "last-history",
};

export function packGeometry({
  grid,
  frames,
  anchorFrame,
}: Pick<PackManifest, "grid" | "frames" | "anchorFrame">): PackGeometry {
  return {
    rows: grid.rows,
    columns: grid.columns,
    width: grid.width,
    height: grid.height,
    anchor: grid.anchor,
    historyFrames: frames.history,
    horizonFrames: frames.horizon,
    rate: frames.rate ?? WORKING_RATE,
    referenceFrame: anchorFrame,
  };
}

/** In words: `224×160, 5×7 points, 33 frames ahead`. */
function sizeWords({ width, height, rows, columns, horizonFrames }: PackGeometry): string {
  return `${width}×${height}, ${rows}×${columns} points, ${horizonFrames} frames ahead`;
}

/**
 * Why the studio cannot forecast with a pack of this size, in words; null where it can. Documents and
 * stage hold one size of frame, grid and future; history, rate and reference frame may differ.
 */
export function sizeGap(geometry: PackGeometry): string | null {
  const [made, taken] = [sizeWords(geometry), sizeWords(STUDIO_GEOMETRY)];
  return made === taken ? null : `was made for ${made}; Foretrack forecasts ${taken}`;
}
