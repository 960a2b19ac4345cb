import type { Fit, Size } from "../../domain/clip.ts";
import {
  type Assumed,
  depthOfRelief,
  RELIEF_COLUMNS,
  RELIEF_ROWS,
} from "../../domain/edits/depth.ts";
import { FormatError } from "../../domain/errors.ts";
import { clipPxFromVideoPx, fitPicture } from "../../domain/fitting.ts";
import { cellCentre, inverseDepthAt, type Relief } from "../../domain/relief.ts";
import { isNpy, type NpyArray, readNpy } from "../containers/npy.ts";
import { readNpz } from "../containers/npz.ts";
import { isPng, readGreyPng } from "../containers/png-grey.ts";
import { isZip } from "../containers/zip.ts";

/** What a network's picture of nearness leaves open: its darkest is as far as that, its brightest 1. */
const USUAL_RATIO = 5;
/** Of values, sorted: beyond these shares lie specks. */
const SPECKS = { picture: 0.02, metres: 0.001 } as const;
const OF_DEPTH = "Open a PNG, or a .npy or .npz with one array [height, width].";

/**
 * A depth map over the picture of "now". A PNG, and an array named for disparity, is nearer where it is
 * higher, and how far its farthest is stays open; another array is depth along the axis, in any unit.
 * @throws FormatError where the file is no such map.
 */
export function readDepthMap(bytes: Uint8Array, name: string): Relief {
  if (isPng(bytes)) {
    const { width, height, values } = readGreyPng(bytes);
    return ofNearness(width, height, values);
  }
  const { key, array } = arrayOf(bytes, name);
  const sides = sidesOf(array);
  if (!sides) {
    throw new FormatError(`${name} holds ${array.shape.join("×")} numbers, no map`, OF_DEPTH);
  }
  const [height, width] = sides;
  const values = Float32Array.from(array.data);
  return /disp|inv|near/i.test(`${key} ${name}`)
    ? ofNearness(width, height, values)
    : ofDepth(width, height, values);
}

/** A map has more cells a side than this: arrays of few tracks have a short side. */
const LEAST_SIDE = 3;

/** Height and width of an array that is a map; null of another. */
function sidesOf({ shape }: NpyArray): readonly [number, number] | null {
  const [height, width, ...more] = shape.filter((length) => length > 1);
  return more.length === 0 && Math.min(height ?? 0, width ?? 0) > LEAST_SIDE
    ? [height, width]
    : null;
}

function arrayOf(bytes: Uint8Array, name: string): { key: string; array: NpyArray } {
  const arrays = arraysOf(bytes, name);
  const [key, array] = arrays.find(([own]) => OF_DEPTHS.test(own)) ?? arrays[0];
  return { key, array };
}

const OF_DEPTHS = /depth|disp|inv/i;

function arraysOf(bytes: Uint8Array, name: string): readonly (readonly [string, NpyArray])[] {
  if (isNpy(bytes)) return [["", readNpy(bytes, `“${name}”`)]];
  if (!isZip(bytes)) throw new FormatError(`${name} is not a depth map`, OF_DEPTH);
  return [...readNpz(bytes)];
}

/** A dropped map's shape is that of a picture to this share; padded ones differ a little. */
const PICTURE_SHAPE = 0.1;

/**
 * Whether an array file that nobody called a depth map is one: one array, or one named for depth, of
 * the shape of one of the pictures. Tracks and visibilities have other shapes.
 */
export function looksLikeDepthMap(
  bytes: Uint8Array,
  name: string,
  pictures: readonly Size[],
): boolean {
  const arrays = arraysOf(bytes, name);
  const found = arrays.find(([key]) => OF_DEPTHS.test(key)) ?? (arrays.length === 1 && arrays[0]);
  const sides = found && sidesOf(found[1]);
  if (!sides) return false;
  const [rows, columns] = sides;
  return pictures.some(
    ({ width, height }) => Math.abs((columns * height) / (rows * width) - 1) < PICTURE_SHAPE,
  );
}

function ofNearness(columns: number, rows: number, values: Float32Array): Relief {
  const [low, high] = shares(values.filter(Number.isFinite), SPECKS.picture);
  const span = high - low || 1;
  const far = 1 / USUAL_RATIO;
  const inverseDepth = values.map((value) => {
    const level = Number.isFinite(value) ? Math.min(1, Math.max(0, (value - low) / span)) : 0;
    return far + (1 - far) * level;
  });
  return { source: "imported", columns, rows, inverseDepth };
}

function ofDepth(columns: number, rows: number, values: Float32Array): Relief {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  if (known.length === 0) throw new FormatError("No depth of the map is above 0", OF_DEPTH);
  const [near, far] = shares(known, SPECKS.metres);
  // What is not known is taken for far away, as the sky is.
  const inverseDepth = values.map((value) => {
    const depth = value > 0 && Number.isFinite(value) ? value : far;
    return 1 / Math.min(far, Math.max(near, depth));
  });
  return { source: "imported", columns, rows, inverseDepth };
}

function shares(values: Float32Array, share: number): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const sorted = values.slice().sort();
  const last = sorted.length - 1;
  return [sorted[Math.round(share * last)], sorted[Math.round((1 - share) * last)]];
}

/** Differs by less than this from a picture's shape, a map is of that picture. */
const SAME_SHAPE = 0.02;

/**
 * A map laid over the working frame: one of the shape of the frame covers it, any other the clip's
 * picture, of which the frame shows a part.
 */
export function depthOverFrame(
  map: Relief,
  clip: { readonly displaySize: Size; readonly fit: Fit },
  frame: Size,
): Pick<Assumed, "depth" | "depthRatio"> {
  const [columns, rows] = [RELIEF_COLUMNS, RELIEF_ROWS];
  const fitting = fitPicture(clip.displaySize, frame, clip.fit);
  const isOf = ({ width, height }: Size) =>
    Math.abs((map.columns * height) / (map.rows * width) - 1) < SAME_SHAPE;
  const coversFrame = isOf(frame) && !isOf(clip.displaySize);
  const inverseDepth = Float32Array.from({ length: columns * rows }, (_, i) => {
    const cell = { columns, rows };
    const [x, y] = cellCentre(cell, frame, i % columns, Math.floor(i / columns));
    if (coversFrame) return inverseDepthAt(map, frame, x, y);
    return inverseDepthAt(map, clip.displaySize, ...clipPxFromVideoPx(fitting, x, y));
  });
  return depthOfRelief({ source: "imported", columns, rows, inverseDepth });
}
