import { moveTracks, withoutCamera } from "../../../domain/camera-view.ts";
import { FormatError } from "../../../domain/errors.ts";
import type { CameraPathT6, Forecast, Future } from "../../../domain/forecast.ts";
import { frameCentre, type PinholePath } from "../../../domain/pinhole.ts";
import type { Relief } from "../../../domain/relief.ts";
import type { SpaceOfForecast } from "../../../domain/space-field.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import { cameraMotion, objectMotion, type Seeing } from "../../../engine/space/apart.ts";
import { pinholePath } from "../../../engine/space/cameras.ts";
import { reliefOf } from "../../../engine/space/surface.ts";
import { bestTurning } from "../../../engine/space/turning.ts";
import type { ForecastDocument } from "../../document/types.ts";
import { choiceOf } from "./asked.ts";
import type { ExportFormat } from "./format.ts";
import type { ChoiceOption } from "./options.ts";
import { WORKING_SIZE } from "./place.ts";
import type { ExportOptions, ExportSegment } from "./types.ts";

/** Which motion a format of tracks in the picture is written with. */
export const MOTION = {
  kind: "choice",
  id: "motion",
  label: "Motion",
  values: [
    { value: "all", label: "As seen: objects and camera" },
    { value: "objects", label: "Objects alone, from where “now” was taken" },
    { value: "camera", label: "Camera alone, all things standing still" },
  ],
} as const satisfies ChoiceOption;

/** Whether an export is written from the forecast in space, as far as that is known. */
export function wantsSpace(format: ExportFormat, options: ExportOptions): boolean {
  return format.needsSpace === true || !isWhole(choiceOf(format, options, MOTION.id));
}

/** Whether finding the relief would tell more of what is asked for: one picture has none. */
export function lacksSpace(
  format: ExportFormat,
  options: ExportOptions,
  { forecast, space }: ForecastDocument,
): boolean {
  if (format.needsSpace) return !space;
  const isPhoto = forecast.history.frameCount === 1;
  return wantsSpace(format, options) && !isPhoto && !isOfPoints(space, forecast);
}

function isWhole(motion: string): boolean {
  return motion !== "objects" && motion !== "camera";
}

type Part = "objects" | "camera";

/** A forecast with one part of its motion, and how that was told apart, in sentences. */
export interface Apart {
  readonly forecast: Forecast;
  readonly notices: readonly string[];
}

/** Cells of the relief that covers points when the camera moves. */
const COLUMNS = 104;
const ROWS = 60;

/**
 * The forecast with one part of its motion alone, of the past and the `chosen` futures (indices) as far as
 * the segment holds them; what is not written stays as it is. In space, where the relief of its past is
 * known: movers are as deep as their surround. A camera that only turns and zooms needs no depth. Else
 * the futures by their affine camera paths, and no past, unless that is one picture.
 * @throws FormatError where the camera is not known of what the segment holds.
 */
export function apartForecast(
  { forecast, space }: ForecastDocument,
  motion: string,
  segment: ExportSegment,
  chosen: readonly number[],
): Apart {
  if (motion !== "objects" && motion !== "camera") return { forecast, notices: [] };
  if (segment === "truth") {
    throw new FormatError(
      "What really happened is not told apart by camera and objects",
      "Choose the past, the future or both, or all motion.",
    );
  }
  const apart = separation(forecast, space, motion);
  const hasPast = segment === "past" || segment === "both";
  if (hasPast && !apart.past) throw unknownCamera("past", forecast, space);
  const futures = forecast.futures.map((future, k) => {
    return segment !== "past" && chosen.includes(k) ? apart.future(future, k) : future;
  });
  const words = motion === "objects" ? "Only what objects do" : "Only what the camera does";
  return {
    forecast: { ...forecast, futures, ...(hasPast && apart.past ? { history: apart.past() } : {}) },
    notices: [`${words} is written: ${apart.how}`],
  };
}

interface Separation {
  readonly past: (() => Tracks) | null;
  readonly future: (future: Future, k: number) => Future;
  readonly how: string;
}

function separation(
  forecast: Forecast,
  space: SpaceOfForecast | undefined,
  part: Part,
): Separation {
  const { history } = forecast;
  const isKnown = isOfPoints(space, forecast);
  if (isKnown && space?.field.cameras) {
    return inSpace(forecast, space, space.field.cameras, part);
  }
  if (isKnown && space?.field.why === "no-translation") return byTurning(forecast, space, part);
  return {
    // In one picture nothing has moved yet.
    past: history.frameCount === 1 ? () => history : null,
    future: (future) => flat(future, forecast, space, part),
    how: "the forecast's own camera path, an affine map a frame, is taken for the camera.",
  };
}

/** Whether what is known in space is of the points that are written: not of denser ones. */
function isOfPoints(space: SpaceOfForecast | undefined, { history }: Forecast): boolean {
  return space?.field.stateN.length === history.pointCount;
}

function inSpace(
  { history, queryXyN2 }: Forecast,
  { field, lifted }: SpaceOfForecast,
  cameras: PinholePath,
  part: Part,
): Separation {
  const seeing = (path: PinholePath): Seeing => ({
    cameras: path,
    nowFocalPx: cameras.focalPxT[field.anchorFrame],
    startN2: queryXyN2,
    inverseDepthN: field.inverseDepthN,
  });
  const relief = part === "camera" ? reliefOf(field, queryXyN2, WORKING_SIZE, COLUMNS, ROWS) : null;
  return {
    past: () => written(part, history, seeing(cameras), relief),
    future(future, k) {
      const own = lifted[k];
      if (!own) {
        throw new FormatError(
          "This future is not in space",
          "Press Find relief again, or choose the past.",
        );
      }
      const seen = seeing(afterNow(own.cameras));
      return { ...withoutPath(future), tracks: written(part, future.tracks, seen, relief) };
    },
    how: "cameras and depths are those of the relief, and what moves is as deep as its surround.",
  };
}

/** Where the camera stands, depth has no part in what is seen. */
function byTurning(forecast: Forecast, space: SpaceOfForecast, part: Part): Separation {
  const { history, queryXyN2 } = forecast;
  const { width } = WORKING_SIZE;
  const centre = frameCentre(WORKING_SIZE);
  const anchorFrame = history.frameCount - 1;
  const { cameras } = bestTurning({ tracks: history, anchorFrame }, width, centre);
  const path = pinholePath(cameras);
  const seeing: Seeing = {
    cameras: path,
    nowFocalPx: path.focalPxT[anchorFrame],
    startN2: queryXyN2,
    inverseDepthN: new Float32Array(history.pointCount).fill(1),
  };
  return {
    past: () => written(part, history, seeing, null),
    future: (future) => flat(future, forecast, space, part),
    how: "the camera turns and zooms where it stands; after “now” its path is an affine map a frame.",
  };
}

function written(part: Part, tracks: Tracks, seeing: Seeing, relief: Relief | null): Tracks {
  return part === "objects" ? objectMotion(tracks, seeing) : cameraMotion(seeing, relief);
}

function flat(
  future: Future,
  forecast: Forecast,
  space: SpaceOfForecast | undefined,
  part: Part,
): Future {
  const { cameraPathT6, tracks } = future;
  if (!cameraPathT6) throw unknownCamera("future", forecast, space);
  if (part === "objects") return { ...withoutPath(future), tracks: withoutCamera(future) };
  return { ...withoutPath(future), tracks: standing(forecast.queryXyN2, tracks, cameraPathT6) };
}

function standing(queryXyN2: Float32Array, { frameCount, pointCount }: Tracks, path: CameraPathT6) {
  const tracksTN2 = new Float32Array(2 * frameCount * pointCount);
  for (let t = 0; t < frameCount; t++) tracksTN2.set(queryXyN2, 2 * t * pointCount);
  const visibilityTN = new Uint8Array(frameCount * pointCount).fill(1);
  return moveTracks({ frameCount, pointCount, tracksTN2, visibilityTN }, path);
}

function withoutPath({ cameraPathT6: _, ...future }: Future): Future {
  return future;
}

/** Without the frame of "now" itself. */
function afterNow({ frameCount, focalPxT, centre, rotationT9, translationT3 }: PinholePath) {
  return {
    frameCount: frameCount - 1,
    centre,
    focalPxT: focalPxT.subarray(1),
    rotationT9: rotationT9.subarray(9),
    translationT3: translationT3.subarray(3),
  };
}

function unknownCamera(
  what: "past" | "future",
  forecast: Forecast,
  space: SpaceOfForecast | undefined,
): FormatError {
  const instead =
    what === "past"
      ? "choose the future, or all motion."
      : "forecast with a model that tells the camera apart, or choose all motion.";
  // One picture has no relief, and what was looked for in vain stays so.
  const isVain = forecast.history.frameCount === 1 || isOfPoints(space, forecast);
  const press = space
    ? "The relief is of other points than are written: press Find relief for these, or "
    : "Press Find relief, or ";
  return new FormatError(
    `How the camera moves is not known of the ${what}`,
    isVain ? instead[0].toUpperCase() + instead.slice(1) : press + instead,
  );
}
