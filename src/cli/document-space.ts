import type { Forecast } from "../domain/forecast.ts";
import type { SpaceOfForecast } from "../domain/space-field.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { reliefEstimator } from "../engine/space/estimator.ts";
import type { ForecastDocument } from "../formats/document/types.ts";
import { wantsSpace } from "../formats/export/common/motion.ts";
import type { ExportOptions } from "../formats/export/common/types.ts";
import { exportFormat } from "../formats/export/registry.ts";
import { shippedGuess } from "./node-model/depth-teller.ts";

/** Cells of the relief, which no export writes: few are enough. */
const COLUMNS = 26;
const ROWS = 15;

/** Several files are asked of one forecast: its place in space is found once. */
const found = new WeakMap<Forecast, Promise<SpaceOfForecast>>();

/** The forecast with its place in space, told by its own tracks and the network that ships, where the format or its options want it. */
export async function withSpaceFor(
  format: string,
  document: ForecastDocument,
  { rgbN3, options = {} }: { rgbN3?: Uint8Array | undefined; options?: ExportOptions } = {},
): Promise<ForecastDocument> {
  if (!wantsSpace(exportFormat(format), options)) return document;
  const { forecast } = document;
  const finding = found.get(forecast) ?? spaceOf(forecast);
  found.set(forecast, finding);
  return { ...document, space: { ...(await finding), ...(rgbN3 ? { rgbN3 } : {}) } };
}

async function spaceOf({
  history,
  futures,
  queryXyN2,
  textureN,
}: Forecast): Promise<SpaceOfForecast> {
  const asked = { tracks: history, anchorFrame: history.frameCount - 1, size: WORKING_SIZE };
  const guess = await shippedGuess(asked);
  const { field, curves } = await reliefEstimator.estimate({
    ...asked,
    ...guess,
    ...(textureN && { textureN }),
    columns: COLUMNS,
    rows: ROWS,
  });
  const tracks = futures.map((future) => future.tracks);
  const lifted = field.cameras
    ? await reliefEstimator.lift({ field, queryXyN2, futures: tracks })
    : futures.map(() => null);
  return { field, queryXyN2, curves, lifted };
}
