import type { Fit, Size } from "../../../domain/clip.ts";
import { FormatError } from "../../../domain/errors.ts";
import { type NpyArray, NUMPY_WAY_OUT } from "../../containers/npy.ts";
import { flagsNamedLike, proposeQueries, proposeVisibility } from "./companions.ts";
import type {
  ArrayNote,
  ImportChoices,
  LoadedArrays,
  LoadHints,
  PixelOrigin,
  TrackAxes,
  TrackInspection,
  TrackUnits,
} from "./types.ts";
import { possibleAxes, viewTracks } from "./view.ts";

/** What is known of the clip that the tracks should belong to. */
export interface ImportClip {
  readonly displaySize: Size;
  readonly fit: Fit;
}

const TRACK_NAMES = /^(pred_?)?(tracks?|traj\w*|points?|coords|xy|target_points)$/i;

/**
 * Looks at arrays and proposes how to read them, with the reason of each proposal. Nothing is decided:
 * the user confirms or changes the choices. `chosen` names the array of positions, where the user
 * wants another one than would be proposed.
 * @throws FormatError when no array can be tracks.
 */
export function inspectArrays(
  loaded: LoadedArrays,
  clip?: ImportClip,
  chosen?: string,
): TrackInspection {
  const { arrays } = loaded;
  const candidates = [...arrays.keys()].filter((name) => isTracks(arrays.get(name)));
  if (candidates.length === 0) {
    const found = [...arrays].map(([name, { shape }]) => `${name} ${shape.join("×")}`).join(", ");
    throw new FormatError(
      `No array looks like tracks of points over time; found: ${found.slice(0, 300)}`,
      `Tracks have three or more dimensions, one of them 2 for x and y. ${NUMPY_WAY_OUT}`,
    );
  }
  const tracks =
    candidates.find((name) => name === chosen) ??
    loaded.hints.tracks ??
    candidates.find((name) => TRACK_NAMES.test(name)) ??
    largest(candidates, arrays);
  const hints = hintsFor(loaded, tracks);
  const array = arrays.get(tracks) as NpyArray;
  const note = noteOf(tracks, array);
  const reasons: string[] = [...(hints.notes ?? [])];
  const hinted = possibleAxes(array.shape).find((axes) => axes === hints.axes);
  const axes = hinted ?? proposeAxes(arrays, array, reasons);
  const visibility =
    hints.visibility === undefined
      ? proposeVisibility(arrays, array, axes, reasons)
      : hints.visibility;
  const fileSize = videoSize(arrays);
  const sourceSize = hints.sourceSize ?? fileSize ?? clip?.displaySize ?? WORKING;
  const tapvid = visibility?.meaning === "occluded" && loaded.container !== "csv";
  const units = hints.units ?? proposeUnits(note, sourceSize, tapvid, reasons);
  const order = proposeOrder(array, axes, units, sourceSize, reasons);
  const origin = hints.origin ?? proposeOrigin(units, tapvid, reasons);
  const proposal: ImportChoices = {
    tracks,
    axes,
    order,
    units,
    origin,
    sourceSize,
    fit: clip?.fit ?? "cover",
    visibility,
    queries: proposeQueries(arrays, array, axes, order, units, reasons),
    nonFinite: "hide",
  };
  if (note.nonFinite > 0) {
    reasons.push(
      `${note.nonFinite} values are not numbers, the first at ${note.firstNonFinite}: those points are hidden there.`,
    );
  }
  const fps = hints.fps ?? scalarOf(arrays, "fps");
  return {
    container: loaded.container,
    kind: hints.looksLike === "a Foretrack forecast" ? "forecast" : "tracks",
    looksLike: hints.looksLike ?? recognise(arrays, axes, array),
    arrays: [...arrays].map(([name, each]) => (name === tracks ? note : noteOf(name, each))),
    refused: loaded.refused,
    proposal,
    reasons,
    possible: {
      tracks: candidates,
      axes: possibleAxes(array.shape),
      visibility: [...arrays.keys()].filter((name) => name !== tracks),
      queries: [...arrays.keys()].filter((name) => isQueries(arrays.get(name))),
    },
    ...(fps !== undefined && fps > 0 && fps <= 1000 ? { fps } : {}),
    ...(hints.now ? { now: hints.now } : {}),
  };
}

/** What the container says of one array: "now" and the flags are those of the array it names. */
function hintsFor({ arrays, hints }: LoadedArrays, tracks: string): LoadHints {
  if (hints.tracks === undefined || hints.tracks === tracks) return hints;
  const { now: _now, visibility: _visibility, ...shared } = hints;
  const visibility = flagsNamedLike(tracks, arrays);
  return visibility ? { ...shared, visibility } : shared;
}

const WORKING: Size = { width: 832, height: 480 };

function isTracks(array: NpyArray | undefined): boolean {
  return array !== undefined && array.dtype !== "bool" && possibleAxes(array.shape).length > 0;
}

function isQueries(array: NpyArray | undefined): boolean {
  const shape = array?.shape.filter((n, i, all) => !(i === 0 && n === 1 && all.length === 3)) ?? [];
  return shape.length === 2 && (shape[1] === 2 || shape[1] === 3);
}

function largest(names: readonly string[], arrays: LoadedArrays["arrays"]): string {
  const size = (name: string) => arrays.get(name)?.data.length ?? 0;
  return names.reduce((best, name) => (size(name) > size(best) ? name : best));
}

function noteOf(name: string, { shape, dtype, data }: NpyArray): ArrayNote {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let nonFinite = 0;
  let first = -1;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (Number.isFinite(value)) {
      if (value < min) min = value;
      if (value > max) max = value;
    } else {
      if (first < 0) first = i;
      nonFinite++;
    }
  }
  const known = max >= min;
  return {
    name,
    shape,
    dtype,
    min: known ? min : 0,
    max: known ? max : 0,
    nonFinite,
    ...(first >= 0 ? { firstNonFinite: `[${location(first, shape).join(", ")}]` } : {}),
  };
}

export function location(index: number, shape: readonly number[]): number[] {
  const at: number[] = [];
  let rest = index;
  for (let d = shape.length - 1; d >= 0; d--) {
    at.unshift(rest % shape[d]);
    rest = Math.floor(rest / shape[d]);
  }
  return at;
}

/** Points move little from frame to frame, and neighbours in a list of points lie far apart. */
function proposeAxes(
  arrays: LoadedArrays["arrays"],
  array: NpyArray,
  reasons: string[],
): TrackAxes {
  const possible = possibleAxes(array.shape);
  if (possible.length === 1) return possible[0];
  const [timeFirst, pointFirst] = possible;
  for (const [name, other] of arrays) {
    if (!isQueries(other) || other === array) continue;
    const count = other.shape[other.shape.length - 2];
    const fits = possible.filter((axes) => viewTracks(array, axes).pointCount === count);
    if (fits.length === 1) {
      reasons.push(`${fits[0]}: “${name}” has one row for each of ${count} points.`);
      return fits[0];
    }
  }
  const inTime = meanStep(array, timeFirst);
  const otherwise = meanStep(array, pointFirst);
  const best = inTime <= otherwise ? timeFirst : pointFirst;
  const steps = [inTime, otherwise].sort((a, b) => a - b).map((v) => v.toPrecision(3));
  reasons.push(`${best}: points then move ${steps[0]} a frame, otherwise ${steps[1]}.`);
  return best;
}

function meanStep(array: NpyArray, axes: TrackAxes): number {
  const view = viewTracks(array, axes);
  const tStep = Math.max(1, Math.floor(view.frameCount / 64));
  const nStep = Math.max(1, Math.floor(view.pointCount / 64));
  let sum = 0;
  let count = 0;
  for (let t = 0; t + 1 < view.frameCount; t += tStep) {
    for (let n = 0; n < view.pointCount; n += nStep) {
      const dx = array.data[view.index(t + 1, n, 0)] - array.data[view.index(t, n, 0)];
      const dy = array.data[view.index(t + 1, n, 1)] - array.data[view.index(t, n, 1)];
      const step = Math.hypot(dx, dy);
      if (!Number.isFinite(step)) continue;
      sum += step;
      count++;
    }
  }
  return count === 0 ? Number.MAX_VALUE : sum / count;
}

function proposeUnits(
  note: ArrayNote,
  sourceSize: Size,
  tapvid: boolean,
  reasons: string[],
): TrackUnits {
  const range = `positions reach from ${note.min.toPrecision(4)} to ${note.max.toPrecision(4)}`;
  if (note.max <= 2 && note.min >= -1) {
    reasons.push(`0–1: ${range}.`);
    return "0-1";
  }
  if (tapvid && note.max <= 270 && sourceSize.width > 300) {
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

function proposeOrigin(units: TrackUnits, tapvid: boolean, reasons: string[]): PixelOrigin {
  if (units === "px" && !tapvid) return "pixel-centre";
  reasons.push("0 is the picture's edge, as usual in normalised and TAP-Vid coordinates.");
  return "pixel-edge";
}

function proposeOrder(
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

function videoSize(arrays: LoadedArrays["arrays"]): Size | undefined {
  const data = arrays.get("video_size")?.data;
  if (data?.length !== 2) return undefined;
  const [height, width] = data;
  const fits = (n: number) => Number.isInteger(n) && n >= 1 && n <= 65_535;
  return fits(width) && fits(height) ? { width, height } : undefined;
}

function scalarOf(arrays: LoadedArrays["arrays"], name: string): number | undefined {
  const data = arrays.get(name)?.data;
  return data?.length === 1 ? data[0] : undefined;
}

function recognise(arrays: LoadedArrays["arrays"], axes: TrackAxes, { shape }: NpyArray): string {
  if (axes.endsWith("HW")) return "AllTracker (dense)";
  if (arrays.has("occluded")) return "TAP-Vid / TAPIR";
  if (axes === "NTC" && (arrays.has("query_xy") || arrays.has("trajectory")))
    return "TrajLoom data";
  if (shape[shape.length - 1] === 3) return "SpatialTracker (its depth is left aside)";
  if (axes.startsWith("B")) return "CoTracker";
  return "tracks";
}
