import type { Frame, Size } from "../../domain/clip.ts";
import type { Motion } from "../../domain/edits/motion.ts";
import type { Pair } from "../../domain/edits/placing.ts";

interface Source {
  readonly motion: Motion;
  readonly picture: Frame | null;
  readonly pairs: readonly Pair[];
  readonly place: readonly [number, number] | null;
}

const ACCENT = "#ff5fa2";
const CASING = "rgb(8 9 11 / 85%)";
/** What stays within this is drawn as a dot, px. */
const STILL_PX = 3;
const FONT = "600 26px ui-sans-serif, system-ui, sans-serif";

/** The source's first picture, where its points go from there, and the places matched so far. */
export function drawSource(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  { motion, picture, pairs, place }: Source,
): void {
  context.fillStyle = "#16181c";
  context.fillRect(0, 0, width, height);
  if (picture?.size.width === width && picture.size.height === height) {
    const pixels = new Uint8ClampedArray(picture.rgba);
    context.putImageData(new ImageData(pixels, width, height), 0, 0);
  }
  context.lineWidth = 3;
  for (const path of motion.pathsNM) {
    const isStill = path.every((v, i) => Math.abs(v - path[i % 2]) < STILL_PX);
    context.strokeStyle = isStill ? "rgb(255 255 255 / 35%)" : "rgb(120 220 255 / 80%)";
    context.beginPath();
    if (isStill) context.arc(path[0], path[1], 2, 0, 2 * Math.PI);
    else for (let i = 0; i < path.length; i += 2) context.lineTo(path[i], path[i + 1]);
    context.stroke();
  }
  context.font = FONT;
  context.textBaseline = "middle";
  const places = [...pairs.map(([x, y]) => [x, y] as const), ...(place ? [place] : [])];
  for (const [i, [x, y]] of places.entries()) {
    for (const [colour, line] of [
      [CASING, 10],
      [ACCENT, 5],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.beginPath();
      context.arc(x, y, 13, 0, 2 * Math.PI);
      context.stroke();
    }
    context.lineWidth = 6;
    context.strokeStyle = CASING;
    context.strokeText(String(i + 1), x + 22, y);
    context.fillStyle = "#fff";
    context.fillText(String(i + 1), x + 22, y);
  }
}
