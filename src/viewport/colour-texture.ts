import { DataTexture, LinearFilter, RedFormat, RepeatWrapping } from "three";
import { type Rgb, rgbFromHex } from "../domain/colour.ts";
import {
  bakeColours,
  directionColour,
  STILL_COLOUR,
  speedColour,
  visibilityColour,
} from "../domain/data-colours.ts";
import { DASH_PATTERNS, FUTURE_COLOUR_COUNT, futureStyle } from "../domain/future-style.ts";
import { layerColours } from "./layer-styles.ts";

const WIDTH = 256;

/** Rows: direction, speed, visibility, slots, then still points and the layers by their numbers. */
export function createColourTexture(): DataTexture {
  const data = new Uint8Array(WIDTH * 5 * 4);
  data.set(bakeColours(directionColour, WIDTH, 2 * Math.PI, true), 0);
  data.set(bakeColours(speedColour, WIDTH, 1, false), WIDTH * 4);
  data.set(bakeColours(visibilityColour, WIDTH, 1, false), WIDTH * 8);
  const list = (row: number, colours: readonly Rgb[]) => {
    data.set(
      bakeColours((i) => colours[i], colours.length, colours.length, true),
      WIDTH * 4 * row,
    );
  };
  list(
    3,
    Array.from({ length: FUTURE_COLOUR_COUNT }, (_, slot) => futureStyle(slot).rgb),
  );
  list(
    4,
    [STILL_COLOUR, ...layerColours()].map((hex) => rgbFromHex(hex ?? STILL_COLOUR)),
  );
  const texture = new DataTexture(data, WIDTH, 5);
  texture.needsUpdate = true;
  return texture;
}

const DASH_TEXELS = 128;
/** Row 0 solid, rows 1 to 8 the futures' patterns, row 9 the dots of hidden spans. */
const DASH_ROWS: readonly (readonly number[])[] = [
  [],
  ...DASH_PATTERNS.map((dash) => dash.px),
  [2.5, 3.5],
];

const periodOf = (px: readonly number[]) => px.reduce((sum, length) => sum + length, 0) || 1;

export const DASH_PERIODS = DASH_ROWS.slice(0, 9).map(periodOf);

/** One period of a pattern a row; linear filtering softens the ends of the strokes. */
export function createDashTexture(): DataTexture {
  const data = new Uint8Array(DASH_TEXELS * DASH_ROWS.length);
  DASH_ROWS.forEach((px, row) => {
    for (let i = 0; i < DASH_TEXELS; i++) {
      data[row * DASH_TEXELS + i] = isStroke(px, ((i + 0.5) / DASH_TEXELS) * periodOf(px))
        ? 255
        : 0;
    }
  });
  const texture = new DataTexture(data, DASH_TEXELS, DASH_ROWS.length, RedFormat);
  texture.wrapS = RepeatWrapping;
  texture.minFilter = LinearFilter;
  texture.magFilter = LinearFilter;
  texture.unpackAlignment = 1;
  texture.needsUpdate = true;
  return texture;
}

function isStroke(px: readonly number[], at: number): boolean {
  if (px.length === 0) return true;
  let end = 0;
  for (let i = 0; i < px.length; i++) {
    end += px[i];
    if (at < end) return i % 2 === 0;
  }
  return false;
}
