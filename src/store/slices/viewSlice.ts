import type { StateCreator } from "zustand";
import type { CameraMode } from "../../domain/camera-view.ts";

export type StageMode = "overlay" | "spacetime" | "side-by-side" | "space";
export type ColourBy = "direction" | "future" | "speed" | "visibility";

export interface ViewSettings {
  readonly mode: StageMode;
  readonly colourBy: ColourBy;
  readonly camera: CameraMode;
  /** Every how many-th grid row and column is drawn: 1 draws all 390 points. */
  readonly stride: number;
  /** What is set of each overlay, by its id (viewport/layers); absent = as it begins. */
  readonly layers: Readonly<Record<string, string>>;
  /** After "now": the clip's own frames where it goes on, or the "now" frame held. */
  readonly backdrop: "clip" | "now";
  /** Query points that the user picked out; empty = all alike. */
  readonly selectedPoints: readonly number[];
  readonly keysEnabled: boolean;
}

export interface ViewSlice {
  readonly view: ViewSettings;
  setView(part: Partial<ViewSettings>): void;
  setLayer(id: string, setting: string): void;
}

/** Fields of the overlays in settings that were saved before they had ids. */
interface EarlierSettings {
  readonly showPast?: boolean;
  readonly showFutures?: boolean;
  readonly showTruth?: boolean;
  readonly showEnsemble?: boolean;
  readonly heat?: string;
}

/** Saved settings of this or an earlier build, over `defaults`. */
export function restoredView(
  defaults: ViewSettings,
  saved: Partial<ViewSettings> & EarlierSettings,
): ViewSettings {
  const { showPast, showFutures, showTruth, showEnsemble, heat, ...rest } = saved;
  const earlier: Record<string, string> = {};
  const flags = {
    history: showPast,
    futures: showFutures,
    truth: showTruth,
    ensemble: showEnsemble,
  };
  for (const [id, shown] of Object.entries(flags)) {
    if (shown !== undefined) earlier[id] = shown ? "on" : "off";
  }
  if (heat !== undefined) earlier.heat = heat === "none" ? "off" : heat;
  return { ...defaults, ...rest, layers: { ...earlier, ...rest.layers } };
}

export const createViewSlice: StateCreator<ViewSlice, [], [], ViewSlice> = (set, get) => ({
  view: {
    mode: "overlay",
    colourBy: "future",
    camera: "sampled",
    // All 390 points of eight futures hide the picture: a quarter of them tells as much.
    stride: 2,
    layers: {},
    backdrop: "clip",
    selectedPoints: [],
    keysEnabled: true,
  },
  setView: (part) => set({ view: { ...get().view, ...part } }),
  setLayer: (id, setting) => get().setView({ layers: { ...get().view.layers, [id]: setting } }),
});
