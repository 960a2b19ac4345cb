import { ENSEMBLE_COLOUR } from "../../domain/data-colours.ts";
import type { Overlay } from "./overlay.ts";

/** A baseline's futures, behind everything else. */
export const ensembleOverlay: Overlay = {
  id: "ensemble",
  label: "Simple ensemble",
  initial: "off",
  legend: { kind: "swatch", colour: ENSEMBLE_COLOUR },
  ribbons: {
    tracks: (data) => data.derived?.ensemble ?? [],
    span: "from-now",
    paintOrder: 0,
    style: {
      alpha: 0.35,
      halfPx: 0.5,
      headScale: 0.7,
      colour: { hex: ENSEMBLE_COLOUR, always: true },
      rim: null,
      fadesStill: true,
      trails: false,
    },
  },
};
