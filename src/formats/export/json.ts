import type { Forecast } from "../../domain/forecast.ts";
import { selectPoints } from "../../domain/resampling.ts";
import { writeDocument } from "../document/document.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";

/**
 * The own document (document/schema.ts) with the chosen futures and points. Edits go along where all
 * points do: they name points by their place.
 */
export const json: ExportFormat = {
  name: "json",
  label: "Foretrack JSON",
  description: "The whole forecast, to open here again; its JSON Schema is published.",
  group: "Data",
  extension: ".json",
  mediaType: "application/json",
  futures: "together",
  defaultFutures: "all",
  nameEnding: "forecast",
  keepsCamera: true,
  defaults: { segment: "future" },
  options: [],
  write: (job) => ({ main: writeJson(job) }),
};

function writeJson({ document, prepared, all }: ExportJob): Uint8Array {
  const { forecast, clip } = document;
  const { pointIds } = prepared;
  const queryXyN2 = new Float32Array(pointIds.length * 2);
  pointIds.forEach((id, n) => {
    queryXyN2.set(forecast.queryXyN2.subarray(2 * id, 2 * id + 2), 2 * n);
  });
  const { edits, ...rest } = forecast;
  const isWhole =
    pointIds.length === forecast.history.pointCount && pointIds.every((id, n) => id === n);
  const chosen: Forecast = {
    ...rest,
    ...(edits && isWhole ? { edits } : {}),
    queryXyN2,
    history: selectPoints(forecast.history, pointIds),
    futures: all.map(({ futureIndex }) => {
      const future = forecast.futures[futureIndex ?? 0];
      return { ...future, tracks: selectPoints(future.tracks, pointIds) };
    }),
    ...(forecast.truth ? { truth: selectPoints(forecast.truth, pointIds) } : {}),
  };
  return writeDocument({ forecast: chosen, clip });
}
