import { PAST_COLOUR } from "../../domain/data-colours.ts";
import type { Overlay } from "./overlay.ts";

export const historyOverlay: Overlay = {
  id: "history",
  label: "Past",
  initial: "on",
  legend: { kind: "swatch", colour: "var(--past)" },
  ribbons: {
    tracks: (data) => [data.history],
    span: "to-now",
    paintOrder: 1,
    style: {
      alpha: 0.85,
      halfPx: 0.75,
      headScale: 1,
      colour: { hex: PAST_COLOUR, always: false },
      rim: null,
      fadesStill: true,
      trails: true,
    },
  },
};
