import type { Forecast, Future } from "../domain/forecast.ts";
import { STUDIO_GRID } from "../domain/grid.ts";
import type { FinerCells } from "../domain/latent.ts";
import type { Tracks } from "../domain/tracks.ts";
import { finerForecast, finerFuture } from "../engine/exploration/finer.ts";
import { type Studio, selectDocument } from "./studio.ts";

/** Finer cells of the picture that a future was made of; none while that has not been explored. */
export function finerCellsOf(
  { bulk }: Studio,
  future: Pick<Future, "latent"> | null | undefined,
): readonly FinerCells[] {
  const picture = future?.latent?.picture;
  if (picture === undefined) return [];
  const all = [...bulk.explorations.values()];
  return all.find(({ sight }) => sight.picture === picture)?.sight.finer ?? [];
}

/** Whether a future that has a slot, or is tried out, can be drawn on finer cells. */
export function hasFinerCells(studio: Studio): boolean {
  const { state, bulk } = studio;
  const live = state.live && bulk.live.get(state.live.id);
  const kept = selectDocument(state).slots.map(({ futureId }) =>
    futureId ? bulk.futures.get(futureId) : undefined,
  );
  return [live, ...kept].some((future) => finerCellsOf(studio, future).length > 0);
}

/** Kept as long as the tracks live. */
const made = new WeakMap<Tracks, Map<FinerCells, Tracks>>();

/** The tracks of a future on finer cells; each is made once. */
export function onFinerCells(future: Pick<Future, "tracks" | "cameraPathT6">, cells: FinerCells) {
  const { tracks } = future;
  const known = made.get(tracks) ?? new Map<FinerCells, Tracks>();
  made.set(tracks, known);
  const fine = known.get(cells) ?? finerFuture(future, cells, STUDIO_GRID);
  known.set(cells, fine);
  return fine;
}

/** Factors of finer cells that every one of some futures has, ascending. */
export function finerFactors(studio: Studio, futures: readonly Future[]): readonly number[] {
  const [first = [], ...rest] = futures.map((future) =>
    finerCellsOf(studio, future).map(({ factor }) => factor),
  );
  return first.filter((factor) => rest.every((own) => own.includes(factor)));
}

/** The forecast on finer cells: what a file of more tracks is made of. The futures must have the factor. */
export function finerForecastOf(studio: Studio, forecast: Forecast, factor: number): Forecast {
  return finerForecast(forecast, STUDIO_GRID, factor, (future) => {
    const cells = finerCellsOf(studio, future).find((each) => each.factor === factor);
    if (!cells) throw new Error("a future without finer cells");
    return onFinerCells(future, cells);
  });
}
