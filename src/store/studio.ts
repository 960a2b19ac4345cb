import { createContext, useContext } from "react";
import { type StoreApi, useStore } from "zustand";
import { type PackGeometry, STUDIO_GEOMETRY } from "../domain/pack/geometry.ts";
import type { Ahead } from "./ahead.ts";
import type { Bulk } from "./bulk.ts";
import type { StudioDocument } from "./document.ts";
import { PHOTO_MODEL, SHIPPED_MODEL, timelineFrames } from "./document.ts";
import type { FrameCaches } from "./frame-caches.ts";
import type { Jobs } from "./jobs.ts";
import type { ErrorsOfFutures } from "./metrics.ts";
import type { Playhead } from "./playhead.ts";
import type { Runtimes } from "./runtimes.ts";
import type { FileKeys } from "./session/file-keys.ts";
import type { RunningSession } from "./session/running.ts";
import type { Trial } from "./session/trial.ts";
import type { ClipSlice, ClipSummary } from "./slices/clipSlice.ts";
import type { DocumentSlice } from "./slices/documentSlice.ts";
import type { ExplorationSlice } from "./slices/explorationSlice.ts";
import type { ModelEntry, ModelsSlice } from "./slices/modelsSlice.ts";
import type { RunSlice } from "./slices/runSlice.ts";
import type { SessionSlice } from "./slices/sessionSlice.ts";
import type { SpaceSlice } from "./slices/spaceSlice.ts";
import type { ToolSlice } from "./slices/toolSlice.ts";
import type { TransportSlice } from "./slices/transportSlice.ts";
import type { ViewSlice } from "./slices/viewSlice.ts";

export type StudioState = ClipSlice &
  DocumentSlice &
  ExplorationSlice &
  ModelsSlice &
  RunSlice &
  SessionSlice &
  SpaceSlice &
  ToolSlice &
  TransportSlice &
  ViewSlice;

/** What a studio is made of. Reactive summaries are in `store`; arrays and live handles beside it. */
export interface Studio {
  readonly store: StoreApi<StudioState>;
  /** The reactive state as it is now. */
  readonly state: StudioState;
  readonly ports: Runtimes;
  readonly bulk: Bulk;
  readonly playhead: Playhead;
  readonly jobs: Jobs;
  /** Decoded frames of the clip on stage. */
  readonly frames: FrameCaches;
  readonly errors: ErrorsOfFutures;
  readonly fileKeys: FileKeys;
  readonly trial: Trial;
  readonly ahead: Ahead;
  /** What keeps the session; null where this page keeps none. */
  readonly session: { running: RunningSession | null };
  /** A key that no other one of this or an earlier visit equals. */
  freshId(kind: string): string;
}

export const StudioContext = createContext<Studio | null>(null);

/** The studio that this part of the page belongs to. @throws Error outside of a StudioContext. */
export function useStudioObject(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error("no StudioContext above");
  return studio;
}

/** What `select` takes of the state; the component follows it. `studio`: for what lies beside it. */
export function useStudio<T>(select: (state: StudioState, studio: Studio) => T): T {
  const studio = useStudioObject();
  return useStore(studio.store, (state) => select(state, studio));
}

export const selectDocument = (state: StudioState): StudioDocument => state.history.present;
export const selectView = (state: StudioState) => state.view;
export const selectBusy = (state: StudioState) => state.phase !== "idle";

export function selectClip(state: StudioState): ClipSummary | null {
  const { clipId } = state.history.present;
  return clipId ? (state.clips[clipId] ?? null) : null;
}

export function selectTimelineFrames(state: StudioState): number {
  return timelineFrames(state.history.present, selectClip(state)?.info.frameCount ?? 0);
}

/** Working frames a second of what is on screen. */
export function selectFps(state: StudioState): number {
  return selectClip(state)?.info.fps ?? state.history.present.origin?.fps ?? 16;
}

/** Key of the model that forecasts: what the document says while that is loaded, else what ships. */
export function selectModelKey({ history, models, shipsPhoto }: StudioState): string {
  const { model } = history.present;
  if (model === PHOTO_MODEL && shipsPhoto) return model;
  return models.some(({ key }) => key === model) ? model : SHIPPED_MODEL;
}

/** The model that forecasts; null while it is the shipped one and was not needed yet. */
export function selectModel(state: StudioState): ModelEntry | null {
  return state.models.find(({ key }) => key === selectModelKey(state)) ?? null;
}

/** The sizes that the model that forecasts goes by; the studio's own until one is known. */
export function selectGeometry(state: StudioState): PackGeometry {
  const known = selectModel(state)?.geometry;
  if (known || selectModelKey(state) !== PHOTO_MODEL) return known ?? STUDIO_GEOMETRY;
  return { ...STUDIO_GEOMETRY, historyFrames: 1 };
}

/** Key of the model that one picture goes to: that which ships, or the last one that was loaded; null
 * where there is none. */
export function selectPhotoModelKey({ models, shipsPhoto }: StudioState): string | null {
  if (shipsPhoto) return PHOTO_MODEL;
  return models.findLast(seesOnePicture)?.key ?? null;
}

/** Whether the model that forecasts goes by one picture alone. */
export function selectIsOneFrame(state: StudioState): boolean {
  const key = selectModelKey(state);
  const model = selectModel(state);
  return model ? seesOnePicture(model) : key === PHOTO_MODEL;
}

function seesOnePicture({ offers }: ModelEntry): boolean {
  return offers.latent !== null && offers.historyFrames === 1;
}
