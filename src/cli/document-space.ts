import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { reliefEstimator } from "../engine/space/estimator.ts";
import type { ForecastDocument } from "../formats/document/types.ts";
import { exportFormat } from "../formats/export/registry.ts";

/** Cells of the relief, which no export writes: few are enough. */
const COLUMNS = 26;
const ROWS = 15;

/** The forecast with its place in space, told by its own tracks, where the format wants it. */
export async function withSpaceFor(
  format: string,
  document: ForecastDocument,
  rgbN3?: Uint8Array,
): Promise<ForecastDocument> {
  if (!exportFormat(format).needsSpace) return document;
  const { history, futures, queryXyN2 } = document.forecast;
  const { field, curves } = await reliefEstimator.estimate({
    tracks: history,
    anchorFrame: history.frameCount - 1,
    size: WORKING_SIZE,
    columns: COLUMNS,
    rows: ROWS,
  });
  const tracks = futures.map((future) => future.tracks);
  const lifted = field.cameras
    ? await reliefEstimator.lift({ field, queryXyN2, futures: tracks })
    : futures.map(() => null);
  const colours = rgbN3 ? { rgbN3 } : {};
  return { ...document, space: { field, queryXyN2, curves, lifted, ...colours } };
}
