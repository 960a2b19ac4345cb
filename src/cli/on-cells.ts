import { ForetrackError } from "../domain/errors.ts";
import type { Forecast } from "../domain/forecast.ts";
import { packGeometry } from "../domain/pack/geometry.ts";
import type { ConditioningInputs, Forecaster } from "../domain/ports.ts";
import { finerForecast, finerFuture } from "../engine/exploration/finer.ts";

/**
 * A forecast of one picture on cells `factor` times as fine as the model's grid; itself for 1.
 * `inputs` are those that it was made of.
 * @throws ForetrackError where the model has no such cells.
 */
export async function onCells(
  factor: number,
  forecast: Forecast,
  { explorer, manifest }: Forecaster,
  inputs: ConditioningInputs,
): Promise<Forecast> {
  if (factor === 1) return forecast;
  const offered = manifest.kind === "photo" && explorer;
  const seen = offered ? await explorer.explore({ inputs, seeds: [] }, { count: 1 }) : null;
  const cells = seen?.sight.finer?.find((each) => each.factor === factor);
  if (!cells) {
    throw new ForetrackError(
      `${manifest.name} has no cells ${factor} times as fine.`,
      "Leave --cells out, or forecast from one picture with a pack that has them.",
    );
  }
  const grid = packGeometry(manifest);
  return finerForecast(forecast, grid, factor, (future) => finerFuture(future, cells, grid));
}
