import type { Forecast } from "../../domain/forecast.ts";
import { selectPoints } from "../../domain/resampling.ts";
import { writeDocument } from "../document/document.ts";
import type { ForecastDocument } from "../document/types.ts";

/** `json`: the own document (schema.ts) with the chosen futures and points. */
export function writeJson(
  { forecast, clip }: ForecastDocument,
  futureIndices: readonly number[],
  pointIds: Int32Array,
): Uint8Array {
  const queryXyN2 = new Float32Array(pointIds.length * 2);
  pointIds.forEach((id, n) => {
    queryXyN2.set(forecast.queryXyN2.subarray(2 * id, 2 * id + 2), 2 * n);
  });
  const chosen: Forecast = {
    ...forecast,
    queryXyN2,
    history: selectPoints(forecast.history, pointIds),
    futures: futureIndices.map((k) => ({
      ...forecast.futures[k],
      tracks: selectPoints(forecast.futures[k].tracks, pointIds),
    })),
    ...(forecast.truth ? { truth: selectPoints(forecast.truth, pointIds) } : {}),
  };
  return writeDocument({ forecast: chosen, clip });
}
