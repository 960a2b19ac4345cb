import type { Rgb } from "./colour.ts";
import { rgbFromHex } from "./colour.ts";

export type Marker = "disc" | "diamond" | "square" | "triangle";

/** How one future is drawn everywhere: list, legend, viewport and pictures. */
export interface FutureStyle {
  readonly colour: string;
  readonly rgb: Rgb;
  readonly dashName: string;
  /** Lengths of stroke and gap in px, in turn; empty = solid. */
  readonly dashPx: readonly number[];
  /** The same as an SVG `stroke-dasharray`. */
  readonly dash: string;
  readonly marker: Marker;
}

/**
 * Searched in OKLCH for the largest smallest difference, seen by normal, protan, deutan and tritan
 * eyes; light enough for a dark stage.
 */
const COLOURS = [
  "#ecaa0c",
  "#6bc9b2",
  "#c89cf4",
  "#dee56b",
  "#5c7cfd",
  "#b965a6",
  "#a2f5e7",
  "#96905d",
] as const;

const DASHES: readonly { readonly name: string; readonly px: readonly number[] }[] = [
  { name: "solid", px: [] },
  { name: "dashed", px: [9, 4] },
  { name: "dash-dot", px: [9, 3, 2, 3] },
  { name: "short dashes", px: [4, 3] },
  { name: "long dashes", px: [16, 4] },
  { name: "dash-dot-dot", px: [8, 3, 2, 3, 2, 3] },
  { name: "double dashes", px: [6, 2, 6, 6] },
  { name: "sparse dashes", px: [6, 7] },
];

const MARKERS: readonly Marker[] = ["disc", "diamond", "square", "triangle"];

export const FUTURE_COLOUR_COUNT = COLOURS.length;
export const DASH_PATTERNS = DASHES;

/** Index of the dash of future `slot`: shifted by one at every repeat of the colours. */
export function dashIndexOfSlot(slot: number): number {
  return (slot + Math.floor(slot / COLOURS.length)) % DASHES.length;
}

/** `slot` counts futures from 0; styles repeat after 64. */
export function futureStyle(slot: number): FutureStyle {
  const colour = COLOURS[slot % COLOURS.length];
  const dash = DASHES[dashIndexOfSlot(slot)];
  return {
    colour,
    rgb: rgbFromHex(colour),
    dashName: dash.name,
    dashPx: dash.px,
    dash: dash.px.length ? dash.px.join(" ") : "none",
    marker: MARKERS[slot % MARKERS.length],
  };
}
