import type { Mesh } from "three";
import type { Rgb } from "../../domain/colour.ts";
import type { Tracks } from "../../domain/tracks.ts";
import type { ViewportData } from "../options.ts";
import type { PicturePlane } from "../picture.ts";
import type { OverlaySetting } from "./settings.ts";

/** What an overlay can be asked to show; null while there is no forecast. */
export interface SceneFacts {
  /** Futures that are drawn when none is alone. */
  readonly futures: number;
  readonly hasTruth: boolean;
  /** The query points lie on the grid at "now". */
  readonly isOnGrid: boolean;
  /** They were placed on it in the first frame of the history. */
  readonly beganOnGrid: boolean;
  /** A future that is drawn has finer cells. */
  readonly hasFiner: boolean;
}

/**
 * Something that is drawn over the picture and can be switched: one file and one entry of
 * `list.ts`. The panel, the legend, the shaders and picking follow from what it says here.
 */
export interface Overlay {
  readonly id: string;
  /** In the panel and at the pointer. */
  readonly label: string;
  readonly initial: OverlaySetting;
  /** Settings beside "off" and what they are called; absent = it is on or off. */
  readonly choices?: Readonly<Record<OverlaySetting, string>>;
  readonly legend: OverlayLegend;
  /** Why it cannot be shown as set, in words for the user; null where it can, or is off. */
  gap?(facts: SceneFacts | null, setting: OverlaySetting): string | null;
  /** Trajectories that it draws as ribbons with heads, which can be picked where they are of the query points. */
  readonly ribbons?: RibbonOverlay;
  /** Anything else that it draws. */
  readonly sheet?: (picture: PicturePlane) => Sheet;
}

export type OverlayLegend =
  /** A CSS colour. */
  | { readonly kind: "swatch"; readonly colour: string }
  /** Colours of 0 to 1 with a word for either end. */
  | {
      readonly kind: "ramp";
      readonly colourOf: (share: number) => Rgb;
      readonly low: string;
      readonly high: string;
    };

export interface RibbonOverlay {
  /** By slot; null keeps the room of one that has not been sampled yet. */
  tracks(data: ViewportData): readonly (Tracks | null)[];
  /** Where they start at "now" [N,2] videoPx. Absent: at the query points. */
  startN2?(data: ViewportData): Float32Array;
  /** `to-now`: the last frame is "now". `from-now`: the first follows it, and joins on. */
  readonly span: "to-now" | "from-now";
  /** Overlays with a higher number are painted later. */
  readonly paintOrder: number;
  readonly style: RibbonStyle;
}

export interface RibbonStyle {
  /** 0 to 1; `shared`: a little less the more futures lie on one picture. */
  readonly alpha: number | "shared";
  /** Half the width of its ribbons, px. */
  readonly halfPx: number;
  /** Of the head markers, against the usual one. */
  readonly headScale: number;
  /**
   * `slot`: colour, dash and marker of its slot, and only the slots that are shown. A CSS hex colour
   * otherwise; with `always` it keeps that colour whatever the user colours by.
   */
  readonly colour: "slot" | { readonly hex: string; readonly always: boolean };
  /** Darkness of a rim of its own, 0 to 1; null = the casing that all share. */
  readonly rim: number | null;
  /** Points that only go along with most others are drawn fainter. */
  readonly fadesStill: boolean;
  /** In the picture only a tail behind the playhead is drawn. */
  readonly trails: boolean;
}

/** A part of the scene with a mesh of its own. */
export interface Sheet {
  readonly mesh: Mesh;
  /** `shown`: the futures that are drawn when none is alone. */
  set(data: ViewportData | null, setting: OverlaySetting, shown: readonly Tracks[]): void;
  dispose(): void;
}
