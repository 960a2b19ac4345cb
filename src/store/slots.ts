import { editsKey } from "../domain/edits.ts";
import type { Future } from "../domain/forecast.ts";
import type { LatentChoice } from "../domain/latent.ts";
import { isDrawnBy } from "../engine/exploration/latent.ts";
import type { ForecastOrigin, Slot, StudioDocument } from "./document.ts";

/**
 * Which seeds a run draws: those that slots have, fresh ones for unlocked slots or one slot, or
 * ("follow") those of the unlocked futures that are there, for edits that changed; or one that the user
 * chose, for one slot.
 */
export type Draw =
  | "same"
  | "fresh"
  | "follow"
  | { readonly slotId: number; readonly chosen?: ChosenFuture };

/** A future that the user saw before it has a slot: a sample of many, or the child of some. */
export interface ChosenFuture {
  readonly seed: number;
  /** Absent where the seed draws it. */
  readonly latent?: LatentChoice;
}

/** The slot that a chosen future goes to: one whose seed it is, the first empty one, or a new one. */
export function slotForChosen({ slots }: StudioDocument, { seed, latent }: ChosenFuture): number {
  const same = slots.find((slot) => !latent && !slot.latent && slot.seed === seed);
  const empty = slots.find((slot) => slot.futureId === null && !slot.locked);
  return (same ?? empty)?.id ?? slots.length + 1;
}

/** The latent that a slot has to keep so that it gives a future again; none where the seed draws it. */
export function chosenLatent({ seed, latent }: Pick<Future, "seed" | "latent">) {
  if (!latent || isDrawnBy(seed, latent.z)) return undefined;
  const { picture: _, ...choice } = latent;
  return choice satisfies LatentChoice;
}

/**
 * Latents of the slots whose seed is drawn again, by seed: those that no seed draws. None where the
 * futures on screen are of another model than that of `packIdentity`: theirs say nothing to it.
 */
export function latentsOf(
  { slots, origin }: StudioDocument,
  draw: Draw,
  wanted: ReadonlyMap<number, number>,
  packIdentity: string | undefined,
): Record<number, LatentChoice> {
  if (typeof draw === "object" && draw.chosen) {
    const { seed, latent } = draw.chosen;
    return latent ? { [seed]: latent } : {};
  }
  const drawnBy = origin?.packIdentity ?? packIdentity;
  if (packIdentity && drawnBy !== packIdentity) return {};
  const kept = slots.flatMap(({ id, seed, latent }) =>
    latent && wanted.get(id) === seed ? [[seed, latent] as const] : [],
  );
  return Object.fromEntries(kept);
}

/** Seeds that no slot has had yet: the next whole numbers, so that they stay easy to say. */
export function freshSeeds(slots: readonly Slot[], count: number): number[] {
  const last = slots.reduce((most, slot) => Math.max(most, slot.seed), 0);
  return Array.from({ length: count }, (_, i) => last + 1 + i);
}

/** Slots 1..count: present ones keep their seed and lock, new ones draw fresh seeds. */
export function resizeSlots(slots: readonly Slot[], count: number): readonly Slot[] {
  const kept = slots.slice(0, count);
  const seeds = freshSeeds(slots, count - kept.length);
  const added = seeds.map((seed, i) => ({
    id: kept.length + 1 + i,
    seed,
    locked: false,
    hidden: false,
    futureId: null,
  }));
  return added.length > 0 || kept.length !== slots.length ? [...kept, ...added] : slots;
}

/**
 * Seeds by slot id, in the order in which they are sampled. From another past than the one on screen
 * every slot is sampled, with the seed that it keeps or a fresh one: none is left without a future.
 */
export function planSeeds(
  document: StudioDocument,
  draw: Draw,
  historyId: string | undefined = document.origin?.historyId,
): Map<number, number> {
  if (draw === "follow") return openSeeds(document);
  if (typeof draw === "object" && draw.chosen) return new Map([[draw.slotId, draw.chosen.seed]]);
  const isOne = typeof draw === "object";
  const slots = isOne ? document.slots : resizeSlots(document.slots, document.futureCount);
  const draws = (slot: Slot) =>
    isOne ? slot.id === draw.slotId : draw === "fresh" && !slot.locked;
  const seeds = freshSeeds(slots, slots.filter(draws).length);
  const seed = (slot: Slot) => (draws(slot) ? (seeds.shift() ?? slot.seed) : slot.seed);
  const all = slots.map((slot): [Slot, number] => [slot, seed(slot)]);
  const isMoved = document.origin !== null && document.origin.historyId !== historyId;
  // A lock keeps a future that obeys other edits, for comparison.
  const key = editsKey(document.edits);
  const isKept = (slot: Slot) =>
    slot.locked && slot.futureId !== null && (slot.editsKey ?? "") !== key;
  const wanted = all.filter(
    ([slot]) => (draw === "same" && !isKept(slot)) || isMoved || draws(slot),
  );
  return new Map(wanted.map(([slot, own]) => [slot.id, own]));
}

function openSeeds({ slots, futureCount }: StudioDocument): Map<number, number> {
  const open = slots.slice(0, futureCount).filter((slot) => slot.futureId && !slot.locked);
  return new Map(open.map(({ id, seed }) => [id, seed]));
}

/** Key of a future in the bulk store that obeys the edits of `key`; "" = of none. */
export function editedFutureId(freeId: string, key: string): string {
  return key ? `${freeId}|${key}` : freeId;
}

/** Key of the same seed's future that obeys no edits; undo may still hold it. */
export function freeFutureId(futureId: string, key = ""): string {
  return key ? futureId.slice(0, -key.length - 1) : futureId;
}

/** Slots whose future obeys other edits than those of the document. */
export function staleSlots({ slots, edits }: StudioDocument): readonly Slot[] {
  const key = editsKey(edits);
  return slots.filter((slot) => slot.futureId !== null && (slot.editsKey ?? "") !== key);
}

/** A future on its way into a slot. */
export interface Placed {
  readonly futureId: string;
  /** Key of the edits that it obeys. */
  readonly obeys?: string;
  readonly latent?: LatentChoice | undefined;
}

function placed(
  { latent: _, ...slot }: Slot,
  seed: number,
  { futureId, obeys = "", latent }: Placed,
): Slot {
  return { ...slot, seed, futureId, editsKey: obeys, ...(latent ? { latent } : {}) };
}

/** Puts a new future into its slot; the first one from another "now" or model replaces the old
 * forecast. */
export function place(
  document: StudioDocument,
  origin: ForecastOrigin,
  slotId: number,
  seed: number,
  { futureId, obeys = "", latent }: Placed,
): StudioDocument {
  const isOther = document.origin !== null && !isSameModel(document.origin, origin);
  const fresh = isOther || document.origin?.historyId !== origin.historyId;
  const sized = resizeSlots(document.slots, Math.max(document.futureCount, slotId));
  const slots = sized.map((slot: Slot) =>
    slot.id === slotId
      ? placed(slot, seed, { futureId, obeys, latent })
      : fresh
        ? emptied(slot, isOther)
        : slot,
  );
  return { ...document, origin, slots };
}

/** Without its future; a latent of another model goes with it. */
function emptied({ latent, ...slot }: Slot, isOther: boolean): Slot {
  return { ...slot, futureId: null, ...(latent && !isOther ? { latent } : {}) };
}

/** Whether both are of one model: by its content; by its label where an earlier build kept no more. */
function isSameModel(a: ForecastOrigin, b: ForecastOrigin): boolean {
  const known = a.packIdentity !== undefined && b.packIdentity !== undefined;
  return known ? a.packIdentity === b.packIdentity : a.packId === b.packId;
}
