import type { Edit } from "../domain/edits.ts";
import type { SamplerSettings } from "../domain/forecast.ts";
import { HORIZON_FRAMES } from "../domain/grid.ts";
import type { LatentChoice } from "../domain/latent.ts";
import type { SamplerOverrides } from "../engine/pipeline/conditioning-inputs.ts";
import type { ClipNote } from "../formats/document/types.ts";

/** One place in the list of futures: its colour and dash stay while seeds change. */
export interface Slot {
  /** 1-based: the number that the user sees and presses. */
  readonly id: number;
  readonly seed: number;
  readonly locked: boolean;
  readonly hidden: boolean;
  /** Key of the future in the bulk store; null until it has been sampled. */
  readonly futureId: string | null;
  /** `editsKey` of the edits that it obeys; absent = of none. */
  readonly editsKey?: string;
  /** Where the user arrived at its latent instead of drawing it by the seed. */
  readonly latent?: LatentChoice;
}

/** Tracks of another tool that stand in for the built-in tracker. */
export interface ImportedRef {
  /** Key of the tracks in the bulk store. */
  readonly id: string;
  readonly fileName: string;
  readonly fps: number;
  /** Clip time of their first frame. */
  readonly firstSecs: number;
}

/** What the futures on screen were forecast from. */
export interface ForecastOrigin {
  /** Key of the past's tracks in the bulk store. */
  readonly historyId: string;
  /** Working frame of "now" on the timeline. */
  readonly nowIndex: number;
  readonly nowSecs: number;
  readonly fps: number;
  /** Label of the pack, for people. */
  readonly packId: string;
  /** Which model it was; absent where an earlier build made the forecast. */
  readonly packIdentity?: string;
  readonly sampler: SamplerSettings | null;
  readonly clip: ClipNote;
  /** Absent where the built-in tracker followed the past. */
  readonly imported?: ImportedRef;
}

/** Everything that undo restores. Bulk arrays are referred to by key. */
export interface StudioDocument {
  readonly clipId: string | null;
  readonly nowIndex: number;
  /** Null = the built-in tracker follows the past. */
  readonly imported: ImportedRef | null;
  readonly futureCount: number;
  /** Key of the model that forecasts; one that was removed since gives way to the one that ships. */
  readonly model: string;
  readonly sampler: SamplerOverrides;
  /** Inputs that the user gave the model, by name: keys in the bulk store. */
  readonly given: Readonly<Record<string, string>>;
  readonly origin: ForecastOrigin | null;
  readonly slots: readonly Slot[];
  readonly soloId: number | null;
  /** What the user authored of the futures; later ones win. */
  readonly edits: readonly Edit[];
}

/** Key of the model that comes with the studio. */
export const SHIPPED_MODEL = "shipped";
/** Key of the model of one picture that comes with the studio, where it does. */
export const PHOTO_MODEL = "photo";

/** Whether a model comes with the studio: it cannot be removed, and loads when it is needed. */
export function isShipped(key: string): boolean {
  return key === SHIPPED_MODEL || key === PHOTO_MODEL;
}

export const MAX_FUTURES = 64;
export const DEFAULT_FUTURES = 8;

export const EMPTY_DOCUMENT: StudioDocument = {
  clipId: null,
  nowIndex: 0,
  imported: null,
  futureCount: DEFAULT_FUTURES,
  model: SHIPPED_MODEL,
  sampler: {},
  given: {},
  origin: null,
  slots: [],
  soloId: null,
  edits: [],
};

/** The middle of the clip: as much past as real continuation, up to a full window of both. */
export function defaultNowIndex(frameCount: number): number {
  return Math.max(0, Math.floor((frameCount - 1) / 2));
}

/** Frames on the timeline: the clip, and the horizon of "now" where it outlasts the clip. */
export function timelineFrames(document: StudioDocument, clipFrames: number): number {
  const horizonEnd = (now: number) => now + 1 + HORIZON_FRAMES;
  const shown = document.origin ? horizonEnd(document.origin.nowIndex) : 0;
  const next = document.clipId ? horizonEnd(document.nowIndex) : 0;
  return Math.max(clipFrames, shown, next);
}

/** Slots whose future is drawn: all that are not hidden, or the one on solo. */
export function visibleSlots(document: StudioDocument): readonly Slot[] {
  const sampled = document.slots.filter((slot) => slot.futureId !== null);
  const solo = sampled.find((slot) => slot.id === document.soloId);
  return solo ? [solo] : sampled.filter((slot) => !slot.hidden);
}
