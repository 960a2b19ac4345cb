import { z } from "zod";
import type { Size } from "../clip.ts";
import { focalPxOfFov } from "../pinhole.ts";
import { cellCentre, normalisedRelief, type Relief } from "../relief.ts";
import { editPx } from "./kind.ts";

/** Cells of a relief that is made here: one every 4 px of the studio's frame. */
export const RELIEF_COLUMNS = 208;
export const RELIEF_ROWS = 120;

const MAX_CELLS = 512;
const MAX_STROKES = 200;
const MAX_PLACES = 5000;

/**
 * How deep the picture of "now" is, as levels 0 (farthest) … 1 (nearest).
 * - `ground`: 0 above the horizon (y, videoPx), from there rising to the lower edge.
 * - a map: `levels` holds columns·rows numbers of 16 bits, little endian, in base64, row-major over the
 *   frame; 65535 is nearest. `known`: a bit a cell, lowest first, 1 = measured; absent: all are.
 */
export const depthSchema = z.discriminatedUnion("source", [
  z.object({ source: z.literal("ground"), horizon: editPx }),
  z
    .object({
      source: z.enum(["imported", "parallax", "guessed"]),
      columns: z.int().min(1).max(MAX_CELLS),
      rows: z.int().min(1).max(MAX_CELLS),
      levels: z.base64().max(Math.ceil((2 * MAX_CELLS * MAX_CELLS) / 3) * 4),
      known: z
        .base64()
        .max(Math.ceil((MAX_CELLS * MAX_CELLS) / 24) * 4)
        .optional(),
    })
    .refine(({ columns, rows, levels }) => byteLength(levels) === 2 * columns * rows, {
      message: "the levels do not fill the map",
    })
    .refine(
      ({ columns, rows, known }) => !known || byteLength(known) === bitBytes(columns * rows),
      {
        message: "what is known does not cover the map",
      },
    ),
]);

export type EditDepth = z.infer<typeof depthSchema>;

/**
 * What a camera assumes of the scene, as its panel says. `fovDegrees`: from the left to the right of
 * the frame; `depthRatio`: how many times as far the farthest is as the nearest; `layers`: painted parts
 * that stand upright on what lies at their foot, discs of `radius` px along strokes.
 */
export const assumedSchema = z.object({
  fovDegrees: z.number().min(5).max(150),
  depthRatio: z.number().min(1).max(1000),
  depth: depthSchema,
  layers: z
    .array(
      z.object({
        radius: z.number().gt(0).max(1000),
        strokes: z
          .array(
            z
              .array(z.tuple([editPx, editPx]))
              .min(1)
              .max(MAX_PLACES),
          )
          .min(1)
          .max(MAX_STROKES),
      }),
    )
    .max(32),
});

export type Assumed = z.infer<typeof assumedSchema>;
export type Layer = Assumed["layers"][number];

/** Where the horizon is taken to be, as a share of the frame's height. */
const HORIZON_SHARE = 0.4;

/** Nothing known: flat ground under a horizon. */
export function defaultAssumed({ height }: Size): Assumed {
  const horizon = Math.round(HORIZON_SHARE * height);
  return { fovDegrees: 55, depthRatio: 5, depth: { source: "ground", horizon }, layers: [] };
}

/**
 * The relief that is assumed: inverse depth 1/ρ + (1 − 1/ρ)·level, ρ the depth ratio, its median at 1.
 * Kept as long as its assumptions live, which are never changed in place.
 */
export function assumedRelief(assumed: Assumed, size: Size): Relief {
  const known = reliefs.get(assumed);
  if (known?.size.width === size.width && known.size.height === size.height) return known.relief;
  const relief = madeRelief(assumed, size);
  reliefs.set(assumed, { size, relief });
  return relief;
}

const reliefs = new WeakMap<Assumed, { readonly size: Size; readonly relief: Relief }>();

function madeRelief({ depth, depthRatio, layers, fovDegrees }: Assumed, size: Size): Relief {
  const { columns, rows, levels } = levelsOf(depth, size);
  for (const layer of layers) raise(levels, { columns, rows }, layer, size);
  const far = 1 / depthRatio;
  const inverseDepth = levels.map((level) => far + (1 - far) * level);
  const focalPx = focalPxOfFov(fovDegrees, size);
  const known =
    depth.source !== "ground" && depth.known ? bitsOf(depth.known, columns * rows) : null;
  return normalisedRelief({
    ...{ source: depth.source, columns, rows, inverseDepth, focalPx },
    ...(known?.some((cell) => cell === 1) ? { known } : {}),
  });
}

function levelsOf(depth: EditDepth, size: Size) {
  if (depth.source !== "ground") {
    const bytes = bytesOf(depth.levels);
    const levels = Float32Array.from(
      { length: depth.columns * depth.rows },
      (_, i) => (bytes[2 * i] + 256 * bytes[2 * i + 1]) / LEVEL_MAX,
    );
    return { columns: depth.columns, rows: depth.rows, levels };
  }
  const [columns, rows] = [RELIEF_COLUMNS, RELIEF_ROWS];
  const levels = new Float32Array(columns * rows);
  const below = Math.max(1, size.height - 1 - depth.horizon);
  for (let row = 0; row < rows; row++) {
    const [, y] = cellCentre({ columns, rows }, size, 0, row);
    levels.fill(
      Math.min(1, Math.max(0, (y - depth.horizon) / below)),
      row * columns,
      (row + 1) * columns,
    );
  }
  return { columns, rows, levels };
}

/** Gives the cells of a layer the level of the lowest of them. */
function raise(
  levels: Float32Array,
  grid: Pick<Relief, "columns" | "rows">,
  { radius, strokes }: Layer,
  size: Size,
): void {
  const cells = new Set<number>();
  for (const [x, y] of strokes.flat()) {
    const first = rowOf(y - radius, grid, size);
    const last = rowOf(y + radius, grid, size);
    for (let row = first; row <= last; row++) {
      for (let column = 0; column < grid.columns; column++) {
        const [cx, cy] = cellCentre(grid, size, column, row);
        if (Math.hypot(cx - x, cy - y) <= radius) cells.add(row * grid.columns + column);
      }
    }
  }
  if (cells.size === 0) return;
  const lowest = Math.max(...[...cells].map((cell) => Math.floor(cell / grid.columns)));
  let foot = 0;
  for (const cell of cells) {
    if (Math.floor(cell / grid.columns) === lowest) foot = Math.max(foot, levels[cell]);
  }
  for (const cell of cells) levels[cell] = foot;
}

function rowOf(y: number, { rows }: Pick<Relief, "rows">, { height }: Size): number {
  return Math.min(rows - 1, Math.max(0, Math.floor(((y + 0.5) * rows) / height)));
}

const LEVEL_MAX = 65_535;

/** A relief as a camera keeps it: levels between its farthest and its nearest, and their ratio. */
export function depthOfRelief(relief: Relief): Pick<Assumed, "depth" | "depthRatio"> {
  const { source, columns, rows, inverseDepth } = relief;
  let [far, near] = [Number.POSITIVE_INFINITY, 0];
  for (const value of inverseDepth) {
    far = Math.min(far, value);
    near = Math.max(near, value);
  }
  const span = near - far || 1;
  const bytes = new Uint8Array(2 * inverseDepth.length);
  inverseDepth.forEach((value, i) => {
    const level = Math.round(((value - far) / span) * LEVEL_MAX);
    bytes[2 * i] = level & 255;
    bytes[2 * i + 1] = level >> 8;
  });
  const levels = base64Of(bytes);
  const known = relief.known && base64Of(bytesOfBits(relief.known));
  const map = { columns, rows, levels, ...(known ? { known } : {}) };
  return {
    depth: { source: source === "ground" ? "guessed" : source, ...map },
    depthRatio: Math.min(1000, near / far),
  };
}

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function bitBytes(count: number): number {
  return Math.ceil(count / 8);
}

function bytesOfBits(bits: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(bitBytes(bits.length));
  for (const [i, bit] of bits.entries()) if (bit) bytes[i >> 3] |= 1 << (i & 7);
  return bytes;
}

function bitsOf(base64: string, count: number): Uint8Array {
  const bytes = bytesOf(base64);
  return Uint8Array.from({ length: count }, (_, i) => (bytes[i >> 3] >> (i & 7)) & 1);
}

function byteLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}
