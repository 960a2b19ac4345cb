import type { Rgb } from "./colour.ts";
import { rgbFromHex, rgbFromOklch, rgbWithinGamut } from "./colour.ts";

/** Colours of the layers that are not futures. */
export const PAST_COLOUR = "#8ab8de";
export const TRUTH_COLOUR = "#f4f7f9";
export const ENSEMBLE_COLOUR = "#8d949c";
/** Points that hardly move have no direction. */
export const STILL_COLOUR = "#9aa0a8";
export const HIDDEN_COLOUR = "#f0905c";
export const VISIBLE_COLOUR = "#8fd9e8";

/** Largest chroma that stays in sRGB for every hue at its lightness. */
const WHEEL_LIGHTNESS = 0.75;
const WHEEL_CHROMA = 0.126;

/**
 * The cyclic direction wheel: constant lightness and chroma, hue turning with the angle, so equal
 * turns look equally different. `angleRadians` is screen direction: 0 = right, π/2 = down.
 */
export function directionColour(angleRadians: number): Rgb {
  return rgbFromOklch({
    lightness: WHEEL_LIGHTNESS,
    chroma: WHEEL_CHROMA,
    hueDegrees: 30 + (angleRadians * 180) / Math.PI,
  });
}

/** Sequential, lightness rising evenly from violet to pale yellow. `share` is 0 (slow) to 1 (fast). */
export function speedColour(share: number): Rgb {
  return rgbWithinGamut({
    lightness: 0.52 + 0.42 * share,
    chroma: 0.13 + 0.05 * Math.sin(Math.PI * share) - 0.02 * share,
    hueDegrees: 300 + 170 * share,
  });
}

/** Sequential for heat maps over a picture: deep red to pale yellow, lightness rising evenly. */
export function heatColour(share: number): Rgb {
  return rgbWithinGamut({
    lightness: 0.4 + 0.54 * share,
    chroma: 0.13 + 0.045 * Math.sin(Math.PI * share) - 0.02 * share,
    hueDegrees: 10 + 95 * share,
  });
}

/** `visibility` is 0 (hidden) to 1 (visible). */
export function visibilityColour(visibility: number): Rgb {
  const hidden = rgbFromHex(HIDDEN_COLOUR);
  const visible = rgbFromHex(VISIBLE_COLOUR);
  const mix = (i: 0 | 1 | 2) => hidden[i] + visibility * (visible[i] - hidden[i]);
  return [mix(0), mix(1), mix(2)];
}

/** `count` colours of `map` as RGBA bytes, arguments spread over 0 to `end`, `end` included or not. */
export function bakeColours(
  map: (value: number) => Rgb,
  count: number,
  end: number,
  cyclic: boolean,
): Uint8Array {
  const rgba = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) {
    const rgb = map((end * i) / (cyclic ? count : count - 1));
    for (let c = 0; c < 3; c++)
      rgba[4 * i + c] = Math.round(255 * Math.min(1, Math.max(0, rgb[c])));
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}
