import type { Overlay } from "./overlay.ts";

export const futuresOverlay: Overlay = {
  id: "futures",
  label: "Futures",
  initial: "on",
  legend: { kind: "swatch", colour: "var(--future)" },
  ribbons: {
    tracks: (data) => data.futures,
    span: "from-now",
    paintOrder: 2,
    style: {
      alpha: "shared",
      halfPx: 0.9,
      headScale: 1,
      colour: "slot",
      rim: null,
      fadesStill: true,
      trails: false,
    },
  },
};
