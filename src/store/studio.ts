import { create } from "zustand";
import { type PackGeometry, STUDIO_GEOMETRY } from "../domain/pack/geometry.ts";
import type { StudioDocument } from "./document.ts";
import { timelineFrames } from "./document.ts";
import type { ClipSlice, ClipSummary } from "./slices/clipSlice.ts";
import { createClipSlice } from "./slices/clipSlice.ts";
import type { DocumentSlice } from "./slices/documentSlice.ts";
import { createDocumentSlice } from "./slices/documentSlice.ts";
import type { ModelEntry, ModelsSlice } from "./slices/modelsSlice.ts";
import { createModelsSlice } from "./slices/modelsSlice.ts";
import type { RunSlice } from "./slices/runSlice.ts";
import { createRunSlice } from "./slices/runSlice.ts";
import type { SessionSlice } from "./slices/sessionSlice.ts";
import { createSessionSlice } from "./slices/sessionSlice.ts";
import type { ToolSlice } from "./slices/toolSlice.ts";
import { createToolSlice } from "./slices/toolSlice.ts";
import type { TransportSlice } from "./slices/transportSlice.ts";
import { createTransportSlice } from "./slices/transportSlice.ts";
import type { ViewSlice } from "./slices/viewSlice.ts";
import { createViewSlice } from "./slices/viewSlice.ts";

export type StudioState = ClipSlice &
  DocumentSlice &
  ModelsSlice &
  RunSlice &
  SessionSlice &
  ToolSlice &
  TransportSlice &
  ViewSlice;

export const useStudio = create<StudioState>()((...api) => ({
  ...createClipSlice(...api),
  ...createDocumentSlice(...api),
  ...createModelsSlice(...api),
  ...createRunSlice(...api),
  ...createSessionSlice(...api),
  ...createToolSlice(...api),
  ...createTransportSlice(...api),
  ...createViewSlice(...api),
}));

export const studio = () => useStudio.getState();

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

/** The model that forecasts; null while it is the shipped one and was not needed yet. */
export function selectModel(state: StudioState): ModelEntry | null {
  return state.models.find(({ key }) => key === state.chosenModel) ?? null;
}

/** The sizes that the model that forecasts goes by; the studio's own until one is known. */
export function selectGeometry(state: StudioState): PackGeometry {
  return selectModel(state)?.geometry ?? STUDIO_GEOMETRY;
}
