import { OVERLAYS } from "./layers/list.ts";
import type { RibbonStyle } from "./layers/overlay.ts";

/** An overlay without ribbons keeps its number: nothing refers to its row. */
const NO_RIBBONS: RibbonStyle = {
  alpha: 1,
  halfPx: 1,
  headScale: 1,
  colour: "slot",
  rim: null,
  fadesStill: false,
  trails: false,
};

/** Colour of each layer that has one of its own, by its number; null for others. */
export function layerColours(): readonly (string | null)[] {
  return OVERLAYS.map(({ ribbons }) =>
    ribbons && ribbons.style.colour !== "slot" ? ribbons.style.colour.hex : null,
  );
}

/** GLSL: `STYLES[layer]`, the styles of the overlays by their numbers. Below 0 = as all others. */
export function layerStylesGlsl(): string {
  const rows = OVERLAYS.map(({ ribbons }) => rowOf(ribbons?.style ?? NO_RIBBONS));
  return `
struct LayerStyle {
  float alpha;
  float halfPx;
  float headScale;
  float rim;
  bool bySlot;
  bool fixedColour;
  bool fadesStill;
  bool trails;
};

const LayerStyle STYLES[${rows.length}] = LayerStyle[${rows.length}](
  ${rows.join(",\n  ")}
);`;
}

function rowOf({ alpha, halfPx, headScale, colour, rim, fadesStill, trails }: RibbonStyle): string {
  const numbers = [alpha === "shared" ? -1 : alpha, halfPx, headScale, rim ?? -1].map(float);
  const flags = [colour === "slot", colour !== "slot" && colour.always, fadesStill, trails];
  return `LayerStyle(${[...numbers, ...flags].join(", ")})`;
}

function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
