import { hexFromRgb } from "../domain/colour.ts";
import {
  directionColour,
  HIDDEN_COLOUR,
  heatColour,
  PAST_COLOUR,
  speedColour,
  TRUTH_COLOUR,
  VISIBLE_COLOUR,
} from "../domain/data-colours.ts";
import { futureStyle, type Marker } from "../domain/future-style.ts";
import type { ColourBy } from "./options.ts";

export interface ColourStop {
  /** Direction: degrees on the screen, clockwise from right. Otherwise the share 0 to 1. */
  readonly at: number;
  readonly colour: string;
}

export interface FutureKey {
  readonly slot: number;
  readonly colour: string;
  readonly dashName: string;
  /** An SVG `stroke-dasharray`. */
  readonly dash: string;
  readonly marker: Marker;
}

/** All that a legend needs to be drawn. */
export type Legend =
  | { readonly kind: "future"; readonly futures: readonly FutureKey[] }
  | { readonly kind: "direction"; readonly stops: readonly ColourStop[] }
  /** `share = sqrt(speed / fastPxPerFrame)`. */
  | {
      readonly kind: "speed";
      readonly stops: readonly ColourStop[];
      readonly fastPxPerFrame: number;
    }
  | { readonly kind: "visibility"; readonly visible: string; readonly hidden: string };

export const LAYER_COLOURS = { past: PAST_COLOUR, truth: TRUTH_COLOUR } as const;

export function legendOf(
  colourBy: ColourBy,
  slots: readonly number[],
  fastPxPerFrame: number,
): Legend {
  switch (colourBy) {
    case "future":
      return {
        kind: "future",
        futures: slots.map((slot) => {
          const { colour, dashName, dash, marker } = futureStyle(slot);
          return { slot, colour, dashName, dash, marker };
        }),
      };
    case "direction":
      return {
        kind: "direction",
        stops: Array.from({ length: 25 }, (_, i) => ({
          at: i * 15,
          colour: hexFromRgb(directionColour((i * 15 * Math.PI) / 180)),
        })),
      };
    case "speed":
      return { kind: "speed", stops: stops(speedColour), fastPxPerFrame };
    case "visibility":
      return { kind: "visibility", visible: VISIBLE_COLOUR, hidden: HIDDEN_COLOUR };
  }
}

/** Colours of the heat map; share 1 = `Viewport.heatScalePx`. */
export function heatStops(): readonly ColourStop[] {
  return stops(heatColour);
}

function stops(map: (share: number) => readonly [number, number, number]): ColourStop[] {
  return Array.from({ length: 11 }, (_, i) => ({ at: i / 10, colour: hexFromRgb(map(i / 10)) }));
}
