import type { StateCreator } from "zustand";
import type { CameraMode } from "../../domain/camera-view.ts";

export type StageMode = "overlay" | "spacetime" | "side-by-side";
export type ColourBy = "direction" | "future" | "speed" | "visibility";

export interface ViewSettings {
  readonly mode: StageMode;
  readonly colourBy: ColourBy;
  readonly camera: CameraMode;
  /** Every how many-th grid row and column is drawn: 1 draws all 390 points. */
  readonly stride: number;
  readonly showPast: boolean;
  readonly showFutures: boolean;
  readonly showTruth: boolean;
  readonly showEnsemble: boolean;
  readonly heat: "none" | "spread" | "difference";
  /** After "now": the clip's own frames where it goes on, or the "now" frame held. */
  readonly backdrop: "clip" | "now";
  /** Query points that the user picked out; empty = all alike. */
  readonly selectedPoints: readonly number[];
  readonly keysEnabled: boolean;
}

export interface ViewSlice {
  readonly view: ViewSettings;
  setView(part: Partial<ViewSettings>): void;
}

export const createViewSlice: StateCreator<ViewSlice, [], [], ViewSlice> = (set, get) => ({
  view: {
    mode: "overlay",
    colourBy: "future",
    camera: "sampled",
    // All 390 points of eight futures hide the picture: a quarter of them tells as much.
    stride: 2,
    showPast: true,
    showFutures: true,
    showTruth: false,
    showEnsemble: false,
    heat: "none",
    backdrop: "clip",
    selectedPoints: [],
    keysEnabled: true,
  },
  setView: (part) => set({ view: { ...get().view, ...part } }),
});
