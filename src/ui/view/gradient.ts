import { hexFromRgb, type Rgb } from "../../domain/colour.ts";

/** Colour stops of a CSS gradient: the colours of 0 to `end`, evenly spaced. */
export function gradient(map: (value: number) => Rgb, end: number): string {
  return Array.from({ length: 25 }, (_, i) => hexFromRgb(map((end * i) / 24))).join(", ");
}
