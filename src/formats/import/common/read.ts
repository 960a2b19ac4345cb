import type { Size } from "../../../domain/clip.ts";
import { FormatError } from "../../../domain/errors.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../../domain/grid.ts";
import type { ImportedSpace } from "../../../domain/imported-space.ts";
import type { PinholePath } from "../../../domain/pinhole.ts";
import { createTracks, type Tracks } from "../../../domain/tracks.ts";
import type { NpyArray } from "../../containers/npy.ts";
import { type ImportClip, inspectArrays } from "./inspect.ts";
import { loadArrays } from "./load.ts";
import { location } from "./note.ts";
import type {
  ImportChoices,
  ImportedTracks,
  LoadedArrays,
  TrackInspection,
  TrackUnits,
} from "./types.ts";
import { flagsFit, type TracksView, viewTracks } from "./view.ts";

/** Positions farther than this from the picture are mistakes of a tracker, not places. */
const FAR_PX = 1e5;
/** Outside of these a focal length is a mistake: wider than any lens, or narrower than a degree. */
const [LEAST_FOCAL_PX, MOST_FOCAL_PX] = [1, 1e6];

/**
 * What a file of tracks holds, and a proposal how to read it. Give the clip that the tracks belong to,
 * so that sizes can be judged.
 * @throws FormatError
 */
export function inspectTracks(
  bytes: Uint8Array,
  name: string,
  clip?: ImportClip,
  chosen?: string,
): TrackInspection {
  return inspectArrays(loadArrays(bytes, name), clip, chosen);
}

/**
 * Reads tracks as the user confirmed, into videoPx of the working frame.
 * A position that is not a number or absurdly far away is hidden and takes the nearest known position
 * of its track in time (`nonFinite: "hide"`), or stops the import with its location.
 * @throws FormatError
 */
export function importTracks(
  bytes: Uint8Array,
  name: string,
  choices: ImportChoices,
): ImportedTracks {
  return readTracks(loadArrays(bytes, name), choices);
}

/** The same for arrays that are loaded already. */
export function readTracks(loaded: LoadedArrays, choices: ImportChoices): ImportedTracks {
  const array = pick(loaded, choices.tracks);
  const view = viewTracks(array, choices.axes);
  const place = placer(choices, choices.units);
  const notices: string[] = [];
  if (view.batch > 1) notices.push(`The file holds ${view.batch} clips; the first is read.`);
  if (view.stride > 1) {
    const every = ["second", "third"][view.stride - 2] ?? `${view.stride}th`;
    notices.push(`Of the dense field every ${every} row and column is read.`);
  }
  const tracks = createTracks(view.frameCount, view.pointCount);
  const shown = visibilityReader(loaded, choices, array, view);
  const [cx, cy] = choices.order === "xy" ? [0, 1] : [1, 0];
  let lost = 0;
  for (let t = 0; t < view.frameCount; t++) {
    for (let n = 0; n < view.pointCount; n++) {
      const i = t * view.pointCount + n;
      const [x, y] = place(array.data[view.index(t, n, cx)], array.data[view.index(t, n, cy)]);
      if (Math.abs(x) <= FAR_PX && Math.abs(y) <= FAR_PX) {
        tracks.tracksTN2[2 * i] = x;
        tracks.tracksTN2[2 * i + 1] = y;
        tracks.visibilityTN[i] = shown(t, n);
        continue;
      }
      if (choices.nonFinite === "refuse")
        throw notAPlace(array, choices.tracks, view.index(t, n, 0));
      tracks.tracksTN2.fill(Number.NaN, 2 * i, 2 * i + 2);
      if (shown(t, n)) lost++;
    }
  }
  fillGaps(tracks);
  if (lost > 0) notices.push(`${lost} positions are not numbers or far outside: hidden there.`);
  const queriesN3 = readQueries(loaded, choices, view);
  const space = spaceOf(loaded, choices, view);
  if (space) notices.push("The file tells camera and depth too: Find relief takes them from it.");
  return {
    ...{ tracks, notices },
    ...(queriesN3 ? { queriesN3 } : {}),
    ...(space ? { space } : {}),
    ...fpsOf(loaded),
  };
}

/**
 * Cameras and places of the tracks as they were read; none where other tracks were chosen, or where no
 * picture can be told from the cameras.
 */
function spaceOf(
  { hints }: LoadedArrays,
  choices: ImportChoices,
  { frameCount, pointCount, batch, stride }: TracksView,
): ImportedSpace | null {
  const { space, tracks, axes } = hints;
  const isWhole = batch === 1 && stride === 1 && choices.units === "px" && choices.order === "xy";
  if (!space || choices.tracks !== tracks || choices.axes !== axes || !isWhole) return null;
  if (space.positionsTN3.length !== 3 * frameCount * pointCount) return null;
  const place = placer(choices, "px");
  const scale = place(1, 0)[0] - place(0, 0)[0];
  const { focalPxT, centre } = space.cameras;
  const cameras = {
    ...space.cameras,
    focalPxT: focalPxT.map((focal) => focal * scale),
    centre: place(...centre),
  };
  return isUsable(cameras) ? { ...space, cameras } : null;
}

/** Whether a picture can be told from every camera of a path. */
function isUsable({ focalPxT, rotationT9, translationT3 }: PinholePath): boolean {
  const numbers = [rotationT9, translationT3];
  return (
    focalPxT.every((focal) => focal > LEAST_FOCAL_PX && focal < MOST_FOCAL_PX) &&
    numbers.every((values) => values.every(Number.isFinite))
  );
}

function pick(loaded: LoadedArrays, name: string): NpyArray {
  const array = loaded.arrays.get(name);
  if (array) return array;
  throw new FormatError(`The file has no array “${name}”`, "Choose one of the arrays listed.");
}

function notAPlace(array: NpyArray, name: string, index: number): FormatError {
  const at = location(index, array.shape).slice(0, -1).join(", ");
  return new FormatError(
    `“${name}” at [${at}] is ${array.data[index]}, not a position`,
    "Choose to hide such points, or mend the file.",
  );
}

/** From the file's units to videoPx. */
function placer(
  { origin, fit, sourceSize }: ImportChoices,
  units: TrackUnits,
): (x: number, y: number) => readonly [number, number] {
  const { width, height } = checked(sourceSize);
  const unit: Size =
    units === "px" ? { width, height } : units === "0-1" ? ONE : { width: 256, height: 256 };
  const centred = origin === "pixel-centre";
  const shift = centred ? 0.5 : 0;
  const choose = fit === "cover" ? Math.max : Math.min;
  const scale = choose(WORKING_WIDTH / width, WORKING_HEIGHT / height);
  const left = (WORKING_WIDTH - scale * width) / 2 - 0.5;
  const top = (WORKING_HEIGHT - scale * height) / 2 - 0.5;
  const sx = (scale * width) / unit.width;
  const sy = (scale * height) / unit.height;
  // From 0 to 1 between the centres of the first and last pixel is W − 1 pixels, as CoTracker scales.
  if (units === "0-1" && centred) {
    return (x, y) => [
      (x * (width - 1) + 0.5) * scale + left,
      (y * (height - 1) + 0.5) * scale + top,
    ];
  }
  return (x, y) => [(x + shift) * sx + left, (y + shift) * sy + top];
}

const ONE: Size = { width: 1, height: 1 };

function checked(size: Size): Size {
  const fits = (n: number) => Number.isFinite(n) && n >= 1 && n <= 65_535;
  if (fits(size.width) && fits(size.height)) return size;
  throw new FormatError(
    "The picture size is not usable",
    "Give the width and height in pixels that the tracks were made at.",
  );
}

function visibilityReader(
  loaded: LoadedArrays,
  { visibility, axes, tracks }: ImportChoices,
  array: NpyArray,
  view: TracksView,
): (t: number, n: number) => 0 | 1 {
  if (!visibility) return () => 1;
  const flags = pick(loaded, visibility.array);
  if (!flagsFit(flags.shape, array.shape, axes)) {
    throw new FormatError(
      `“${visibility.array}” (${flags.shape.join("×")}) does not fit “${tracks}” (${array.shape.join("×")})`,
      "Choose another array for the visibility, or none.",
    );
  }
  const above = visibility.meaning === "visible" ? 1 : 0;
  const below = visibility.meaning === "visible" ? 0 : 1;
  return (t, n) => (flags.data[view.flagIndex(t, n)] > visibility.threshold ? above : below);
}

/** Gives hidden unknown positions the nearest known one in time; earlier wins a tie. */
function fillGaps({ frameCount, pointCount, tracksTN2 }: Tracks): void {
  for (let n = 0; n < pointCount; n++) {
    let last = -1;
    for (let t = 0; t <= frameCount; t++) {
      const known = t < frameCount && !Number.isNaN(tracksTN2[2 * (t * pointCount + n)]);
      if (!known && t < frameCount) continue;
      for (let gap = last + 1; gap < t; gap++) {
        const nearest = last < 0 ? t : t === frameCount || gap - last <= t - gap ? last : t;
        const from = 2 * (nearest * pointCount + n);
        const to = 2 * (gap * pointCount + n);
        tracksTN2[to] = nearest < frameCount ? tracksTN2[from] : 0;
        tracksTN2[to + 1] = nearest < frameCount ? tracksTN2[from + 1] : 0;
      }
      last = t;
    }
  }
}

function readQueries(
  loaded: LoadedArrays,
  choices: ImportChoices,
  view: TracksView,
): Float32Array | undefined {
  const { queries } = choices;
  if (!queries) return undefined;
  const place = placer(choices, queries.units);
  const { data } = pick(loaded, queries.array);
  const width = queries.order === "xy" ? 2 : 3;
  if (data.length !== view.pointCount * width) {
    throw new FormatError(
      `“${queries.array}” does not hold one query a point`,
      "Choose another array for the queries, or none.",
    );
  }
  const out = new Float32Array(view.pointCount * 3);
  for (let n = 0; n < view.pointCount; n++) {
    const row = data.subarray(width * n, width * (n + 1));
    const [t, x, y] =
      queries.order === "xy"
        ? [0, row[0], row[1]]
        : queries.order === "txy"
          ? row
          : [row[0], row[2], row[1]];
    const placed = place(x, y);
    if (!Number.isFinite(t) || !placed.every((v) => Math.abs(v) <= FAR_PX)) {
      throw new FormatError(
        `“${queries.array}” row ${n} is not a query`,
        "Leave the queries out, or mend the file.",
      );
    }
    out.set([t, ...placed], 3 * n);
  }
  return out;
}

function fpsOf(loaded: LoadedArrays): { fps?: number } {
  const fps = loaded.hints.fps ?? loaded.arrays.get("fps")?.data[0];
  return fps !== undefined && fps > 0 && fps <= 1000 ? { fps } : {};
}
