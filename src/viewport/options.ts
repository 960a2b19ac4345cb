import type { CameraPathT6 } from "../domain/forecast.ts";
import type { Tracks } from "../domain/tracks.ts";
import type { OverlaySettings } from "./layers/settings.ts";

/**
 * What is drawn. Frames of the timeline are counted by `nowFrame`: the last frame of `history` is
 * timeline frame `nowFrame`, the first of every other layer is `nowFrame + 1`.
 */
export interface ViewportData {
  readonly history: Tracks;
  /** One entry a slot; null = not sampled yet. The slot gives colour, dash and marker. */
  readonly futures: readonly (Tracks | null)[];
  readonly truth?: Tracks | undefined;
  /** What was computed for overlays that are shown, by their ids: trajectories after "now". */
  readonly derived?: Readonly<Record<string, readonly Tracks[]>> | undefined;
  /** Futures on finer cells, a slot each as in `futures`, and where their points start [M,2] videoPx. */
  readonly finer?:
    | { readonly startM2: Float32Array; readonly tracks: readonly (Tracks | null)[] }
    | undefined;
  /** [N,2] videoPx; equals the last frame of `history`. */
  readonly queryXyN2: Float32Array;
  readonly fps: number;
  readonly nowFrame: number;
  /** [T,6] per frame after "now": where the picture is drawn (see domain/camera-view.ts). */
  readonly pictureAffineT6?: CameraPathT6 | null | undefined;
}

export type ColourBy = "future" | "direction" | "speed" | "visibility";
export type CameraPreset = "isometric" | "front" | "side" | "top";

export interface ViewportOptions {
  /** Id of a space (spaces/list.ts). */
  readonly space: string;
  /** One tile a visible future, all at the same playhead and camera. */
  readonly sideBySide: boolean;
  readonly colourBy: ColourBy;
  readonly layers: OverlaySettings;
  /** Slots to draw; null = all. */
  readonly visibleSlots: readonly number[] | null;
  /** Draws this slot only. */
  readonly solo: number | null;
  /** Every how many-th row and column of the grid is drawn. */
  readonly stride: number;
  readonly selectedPoints: readonly number[];
  /** Points that are drawn whatever the stride is. */
  readonly keptPoints: readonly number[];
  /** Frames of history drawn behind the playhead in the overlay. */
  readonly tailFrames: number;
  /** Points that only go along with most others are drawn fainter. */
  readonly fadeStill: boolean;
  /** 0 = the picture as it is, 1 = black. */
  readonly dim: number;
  /** Multiplies ribbon widths. */
  readonly lineScale: number;
}

export const DEFAULT_OPTIONS: ViewportOptions = {
  space: "picture",
  sideBySide: false,
  colourBy: "future",
  layers: {},
  visibleSlots: null,
  solo: null,
  stride: 1,
  selectedPoints: [],
  keptPoints: [],
  tailFrames: 24,
  fadeStill: true,
  dim: 0.2,
  lineScale: 1,
};

/** Options whose change alters which ribbons are in the draw list. */
const LIST_KEYS = [
  "sideBySide",
  "layers",
  "visibleSlots",
  "solo",
  "stride",
  "selectedPoints",
  "keptPoints",
  "fadeStill",
] as const satisfies readonly (keyof ViewportOptions)[];

export function changesList(before: ViewportOptions, after: ViewportOptions): boolean {
  return LIST_KEYS.some((key) => before[key] !== after[key]);
}

/** Slots that are drawn: those with a future, filtered by `visibleSlots` and `solo`. */
export function drawnSlots(data: ViewportData, options: ViewportOptions): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < data.futures.length; slot++) {
    if (!data.futures[slot]) continue;
    if (options.solo !== null && options.solo !== slot) continue;
    if (options.solo === null && options.visibleSlots && !options.visibleSlots.includes(slot)) {
      continue;
    }
    slots.push(slot);
  }
  return slots;
}
