import type { Overlay, SceneFacts } from "./overlay.ts";
import type { OverlaySetting } from "./settings.ts";

/** Futures of one picture on finer cells, whose edges follow those of the picture: thin, between the others. */
export const finerOverlay: Overlay = {
  id: "finer",
  label: "Finer cells",
  initial: "off",
  choices: { "2": "30 × 52", "4": "60 × 104" },
  legend: { kind: "swatch", colour: "var(--future)" },
  gap,
  ribbons: {
    tracks: (data) => data.finer?.tracks ?? [],
    startN2: (data) => data.finer?.startM2 ?? data.queryXyN2,
    span: "from-now",
    paintOrder: 1,
    style: {
      alpha: 0.75,
      halfPx: 0.45,
      headScale: 0.55,
      colour: "slot",
      rim: null,
      fadesStill: true,
      trails: false,
    },
  },
};

function gap(facts: SceneFacts | null, setting: OverlaySetting): string | null {
  if (setting === "off" || !facts || facts.hasFiner) return null;
  return "No finer cells: they are of futures of one picture, once “Show what can happen” has looked at it.";
}
