import type { Size } from "../../../domain/clip.ts";
import type { NpyArray } from "../../containers/npy.ts";
import type { ArrayNote, LoadedArrays, PixelOrigin, TrackAxes, TrackUnits } from "./types.ts";
import { viewTracks } from "./view.ts";

/** Side of the square that TAP-Vid evaluates in. */
const RASTER = 256;

/** The picture size that a file names beside its tracks, with the reason; undefined without one. */
export function proposeSize(
  arrays: LoadedArrays["arrays"],
  clipSize: Size | undefined,
  reasons: string[],
): Size | undefined {
  const named = (names: readonly string[]) =>
    names.map((name) => arrays.get(name)?.data).find((data) => data?.length === 1)?.[0];
  const [height, width] = arrays.get("video_size")?.data ?? [
    named(["height", "H", "img_h", "video_height"]),
    named(["width", "W", "img_w", "video_width"]),
  ];
  const fits = (n: number | undefined): n is number =>
    n !== undefined && Number.isInteger(n) && n >= 1 && n <= 65_535;
  if (!fits(width) || !fits(height)) return undefined;
  if (width !== clipSize?.width || height !== clipSize.height) {
    reasons.push(`The picture tracked was ${width}×${height}: the file says so.`);
  }
  return { width, height };
}

export function proposeUnits(
  note: ArrayNote,
  array: NpyArray,
  axes: TrackAxes,
  sourceSize: Size,
  tapvid: boolean,
  reasons: string[],
): TrackUnits {
  const range = `positions reach from ${note.min.toPrecision(4)} to ${note.max.toPrecision(4)}`;
  if (note.max <= 2 && note.min >= -1) {
    reasons.push(`0–1: ${range}.`);
    return "0-1";
  }
  if ((tapvid && note.max <= 270 && sourceSize.width > 300) || isRaster(array, axes, sourceSize)) {
    reasons.push(`256: ${range}, as in TAP-Vid's 256×256 evaluation.`);
    return "256";
  }
  const outside = note.max > 1.5 * Math.max(sourceSize.width, sourceSize.height);
  const { width, height } = sourceSize;
  reasons.push(
    `Pixels of ${width}×${height}: ${range}.${outside ? " That is far outside: check the picture size." : ""}`,
  );
  return "px";
}

/**
 * Whether positions fill the 256×256 square of TAP-Vid and not this picture: both axes reach near 256
 * and none goes past it, in a picture that is wider and, if it is lower than 256, past its edge.
 */
function isRaster(array: NpyArray, axes: TrackAxes, { width, height }: Size): boolean {
  const view = viewTracks(array, axes);
  const most = [0, 1].map((c) => {
    let max = 0;
    for (let t = 0; t < view.frameCount; t++) {
      for (let n = 0; n < view.pointCount; n++) {
        max = Math.max(max, array.data[view.index(t, n, c)] || 0);
      }
    }
    return max;
  });
  const fills = most.every((max) => max > 0.9 * RASTER && max <= RASTER);
  const lower = Math.min(width, height);
  return (
    fills &&
    Math.max(width, height) > RASTER &&
    (lower < RASTER ? most[1] > lower : lower > 1.4 * RASTER)
  );
}

export function proposeOrigin(
  array: NpyArray,
  axes: TrackAxes,
  units: TrackUnits,
  tapvid: boolean,
  reasons: string[],
): PixelOrigin {
  if (units === "px" && !tapvid) {
    if (!startsOnHalves(array, axes)) return "pixel-centre";
    reasons.push(
      "0 is the picture's edge: the first frame lies on half pixels, which are pixel centres counted from it, as Wan-Move's files count.",
    );
    return "pixel-edge";
  }
  reasons.push("0 is the picture's edge, as usual in normalised and TAP-Vid coordinates.");
  return "pixel-edge";
}

/** Whether nearly all positions of the first frame are whole pixels and a half. */
function startsOnHalves(array: NpyArray, axes: TrackAxes): boolean {
  const view = viewTracks(array, axes);
  let halves = 0;
  for (let n = 0; n < view.pointCount; n++) {
    const on = [0, 1].every((c) => Math.abs((array.data[view.index(0, n, c)] % 1) - 0.5) < 1e-4);
    if (on) halves++;
  }
  return view.pointCount > 3 && halves >= 0.9 * view.pointCount;
}

export function proposeOrder(
  array: NpyArray,
  axes: TrackAxes,
  units: TrackUnits,
  { width, height }: Size,
  reasons: string[],
): "xy" | "yx" {
  if (units !== "px" || width === height) return "xy";
  const view = viewTracks(array, axes);
  const inside = (c: number, limit: number) => {
    let count = 0;
    for (let n = 0; n < view.pointCount; n++) {
      const value = array.data[view.index(view.frameCount - 1, n, c)];
      if (value >= -1 && value <= limit) count++;
    }
    return count;
  };
  const xy = inside(0, width) + inside(1, height);
  const yx = inside(0, height) + inside(1, width);
  if (yx > xy) {
    reasons.push(`y before x: ${yx - xy} more values then lie inside the picture.`);
    return "yx";
  }
  return "xy";
}
