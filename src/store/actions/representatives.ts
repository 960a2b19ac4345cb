import type { Exploration } from "../../domain/exploration.ts";
import { representatives } from "../../engine/exploration/representatives.ts";
import { resizeSlots } from "../slots.ts";
import type { Studio } from "../studio.ts";
import { forecast } from "./forecast.ts";
import { dropLive } from "./live-future.ts";

/**
 * Makes the samples that stand for all of them the studio's futures: as many as are asked for, but
 * those that are locked stay. Each is what its seed draws.
 */
export async function keepRepresentatives(studio: Studio, exploration: Exploration): Promise<void> {
  dropLive(studio);
  studio.state.edit((document) => {
    const slots = resizeSlots(document.slots, document.futureCount);
    const locked = new Set(slots.flatMap((slot) => (slot.locked ? [slot.seed] : [])));
    const open = slots.filter((slot) => !slot.locked).length;
    const seeds = representatives(exploration, open + locked.size)
      .map((index) => exploration.seeds[index])
      .filter((seed) => !locked.has(seed));
    const placed = slots.map((slot) => {
      const seed = slot.locked ? undefined : seeds.shift();
      if (seed === undefined) return slot;
      const { latent: _, ...own } = slot;
      return { ...own, seed, futureId: null };
    });
    return { ...document, slots: placed, soloId: null };
  });
  await forecast(studio);
}
