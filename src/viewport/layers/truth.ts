import { TRUTH_COLOUR } from "../../domain/data-colours.ts";
import type { Overlay } from "./overlay.ts";

/** What really happened after "now", where the clip goes on. */
export const truthOverlay: Overlay = {
  id: "truth",
  label: "What really happened",
  initial: "off",
  legend: { kind: "swatch", colour: "var(--truth)" },
  gap: (facts) => (facts?.hasTruth ? null : "What really happened is not known."),
  ribbons: {
    tracks: (data) => (data.truth ? [data.truth] : []),
    span: "from-now",
    paintOrder: 3,
    style: {
      alpha: 1,
      halfPx: 1.15,
      headScale: 1,
      colour: { hex: TRUTH_COLOUR, always: true },
      // Wider than the casing of the others.
      rim: 0.85,
      fadesStill: false,
      trails: false,
    },
  },
};
