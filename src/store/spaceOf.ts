import type { SpaceOfForecast } from "../domain/space-field.ts";
import { reliefHistoryId } from "./actions/relief.ts";
import type { Slot } from "./document.ts";
import type { Studio } from "./studio.ts";

/** The forecast on screen in space, as far as it was found; its futures are those of `slots`. */
export function spaceOf(studio: Studio, slots: readonly Slot[]): SpaceOfForecast | null {
  const { relief } = studio.state;
  const known = relief && studio.bulk.fields.get(relief.id);
  if (!known || relief.id !== reliefHistoryId(studio)) return null;
  const { field, queryXyN2, curves } = known;
  const futures = slots.filter(({ futureId }) => futureId && studio.bulk.futures.has(futureId));
  const lifted = futures.map(({ futureId }) => studio.bulk.lifted.get(futureId ?? "") ?? null);
  return { field, queryXyN2, curves, lifted };
}
