import type { Size } from "../../../domain/clip.ts";
import { basisAt } from "../../../domain/curve-basis.ts";
import { FormatError } from "../../../domain/errors.ts";
import { isInsideFrame } from "../../../domain/inside-frame.ts";
import { joinPaths, type PinholePath, videoPxFromWorld } from "../../../domain/pinhole.ts";
import { resamplePath } from "../../../domain/pinhole-between.ts";
import {
  MOVING,
  type SpaceCurves,
  type SpaceOfForecast,
  UNKNOWN,
} from "../../../domain/space-field.ts";
import type { ExportJob } from "./format.ts";
import { placement } from "./place.ts";
import type { PreparedTracks } from "./prepared.ts";
import { round } from "./time.ts";

/** What every format of space declares alike. */
export const IN_SPACE = {
  group: "In space",
  futures: "each",
  keepsCamera: true,
  needsSpace: true,
} as const;

/**
 * What is written of one future (or of the past) in space. World is the camera's space at "now": x right,
 * y down, z forward, in median depths of what stands still.
 */
export interface SpaceScene {
  readonly size: Size;
  readonly fps: number;
  /** Per written frame; pixels of `size`, 0 = centre of the first pixel. */
  readonly cameras: PinholePath;
  /** Which point of the field each of the N written ones is: those of which nothing is known are left out. */
  readonly pointIds: readonly number[];
  /** [N] its column in the prepared tracks; −1 where the field's points are not those of the tracks. */
  readonly columnN: Int32Array;
  /** [N] STATIC or MOVING. */
  readonly stateN: Uint8Array;
  /** [N] standard deviation of the logarithm of the depth. */
  readonly sigmaLogN: Float32Array;
  /** [N,3] 0 to 255, grey where the picture was not there. */
  readonly rgbN3: Uint8Array;
  /** [T,N,3] world. */
  readonly positionsTN3: Float32Array;
  /** [T,N] 1 = visible and inside the picture. */
  readonly shownTN: Uint8Array;
  /** The curves behind the positions, in order of time. */
  readonly pieces: readonly CurvePiece[];
}

/** Curves over a stretch of the written frames. */
export interface CurvePiece {
  /** [N,K,3] control points of the written points. */
  readonly controlNK3: Float32Array;
  readonly controlCount: number;
  /** [T] time on the curve, 0 to 1; NaN for frames of another piece. */
  readonly timeT: Float64Array;
}

/**
 * The scene of a job, its points and moments as chosen; positions are asked of the curves.
 * @throws FormatError where it is not known in space.
 */
export function spaceSceneOf(job: ExportJob): SpaceScene {
  const made = scenes.get(job) ?? madeScene(job);
  scenes.set(job, made);
  return made;
}

/** Notices and bytes of one job are of one scene. */
const scenes = new WeakMap<ExportJob, SpaceScene>();

function madeScene({ document, prepared }: ExportJob): SpaceScene {
  const space = knownSpace(document.space);
  const { size, fps, fromNowT } = prepared;
  const { stateN, sigmaLogN } = space.field;
  const isGrid = isOfGrid(space, document.forecast.history.pointCount);
  const chosen = isGrid ? [...prepared.pointIds] : [...stateN.keys()];
  const pointIds = chosen.filter((id) => stateN[id] !== UNKNOWN);
  if (pointIds.length === 0) {
    throw new FormatError(
      "Of none of the chosen points anything is known in space",
      "Choose more points, or all.",
    );
  }
  const spans = spansOf(space, prepared, document.forecast.history.pointCount);
  const pieces = spans.map(({ curves, timeT }) => ({
    controlNK3: controlsOf(curves, pointIds),
    controlCount: curves.controlCount,
    timeT,
  }));
  const cameras = placeCameras(camerasOf(spans, fromNowT.length), size);
  const positionsTN3 = positionsOf(pieces, fromNowT.length, pointIds.length);
  const rgb = space.rgbN3;
  const columnOf = new Map([...prepared.pointIds].map((id, n) => [id, n]));
  const columnN = Int32Array.from(pointIds, (id) => (isGrid ? (columnOf.get(id) ?? -1) : -1));
  return {
    size,
    fps,
    cameras,
    pointIds,
    columnN,
    stateN: Uint8Array.from(pointIds, (id) => stateN[id]),
    sigmaLogN: Float32Array.from(pointIds, (id) => sigmaLogN[id]),
    rgbN3: Uint8Array.from({ length: 3 * pointIds.length }, (_, i) =>
      rgb ? rgb[3 * pointIds[Math.floor(i / 3)] + (i % 3)] : 150,
    ),
    positionsTN3,
    shownTN: isGrid
      ? shownTracks(prepared, columnN)
      : seenPlaces(pointIds.length, cameras, positionsTN3, size),
    pieces,
  };
}

/** What a reader should know of every export in space. */
export function spaceNotices(job: ExportJob): string[] {
  const { field, curves } = knownSpace(job.document.space);
  const { pointIds, stateN } = spaceSceneOf(job);
  const asked = isOfGrid(knownSpace(job.document.space), job.document.forecast.history.pointCount)
    ? job.prepared.pointIds.length
    : field.stateN.length;
  const notices = [
    "Lengths are in median depths of what stands still: tracks alone tell no metres.",
    field.focal.isGuess
      ? `The focal length, ${round(field.focal.px, 1)} px of 832, is a guess.`
      : `The focal length was found: ${round(field.focal.px, 1)} px of 832.`,
  ];
  const future = job.document.space?.lifted[job.prepared.futureIndex ?? -1];
  const residual = Math.max(curves?.residual ?? 0, future?.curves.residual ?? 0) * field.focal.px;
  notices.push(
    `Paths are smooth curves of ${curves?.controlCount} control points, asked at each written moment; they miss the tracks by ${round(residual)} px at the median depth (root mean square).`,
  );
  if (stateN.some((state) => state === MOVING)) {
    notices.push(
      "What moves by itself is as deep as its surround: its own depth is an assumption.",
    );
  }
  if (asked > pointIds.length) {
    notices.push(
      `Left out, because their depth is unknown: ${asked - pointIds.length} of ${asked} points.`,
    );
  }
  return notices;
}

/** @throws FormatError where nothing is known, with why. */
export function knownSpace(
  space: SpaceOfForecast | undefined,
): SpaceOfForecast & { readonly curves: SpaceCurves } {
  if (!space) {
    throw new FormatError(
      "Where the points lie in space is not found yet",
      "Press Find relief, then save again.",
    );
  }
  const { curves, field } = space;
  if (!curves || !field.cameras) {
    throw new FormatError(
      `No depth of this clip is known: ${WHY[field.why ?? "too-few-points"]}`,
      "Choose a clip or a “now” where the camera moves sideways or forwards, or import cameras and depth.",
    );
  }
  return { ...space, curves };
}

const WHY = {
  "too-few-points": "there are too few frames or points",
  "no-translation": "the camera only stands, shakes, turns or zooms",
  "no-still-scene": "most points move by themselves or are lost",
  bare: "most of the picture is bare and holds no tracks",
  ambiguous: "two reliefs that contradict each other fit alike",
} as const;

/** Whether the points of the field are those of the history. */
function isOfGrid({ field }: SpaceOfForecast, pointCount: number): boolean {
  return field.stateN.length === pointCount;
}

interface Span {
  readonly curves: SpaceCurves;
  readonly cameras: PinholePath;
  /** [T] NaN for frames of another span. */
  readonly timeT: Float64Array;
}

/** Up to "now" the curves of the past tell, after it those of the future. */
function spansOf(space: SpaceOfForecast, prepared: PreparedTracks, gridCount: number): Span[] {
  const { segment, futureIndex, fromNowT } = prepared;
  const { field, curves } = knownSpace(space);
  if (segment === "truth") {
    throw new FormatError(
      "What really happened is not followed in space",
      "Choose the past, the future or both.",
    );
  }
  const spans: Span[] = [];
  if (segment !== "future" && field.cameras) {
    const last = Math.max(1, field.cameras.frameCount - 1);
    const timeT = fromNowT.map((at) => (at <= 0 ? 1 + at / last : Number.NaN));
    spans.push({ curves, cameras: field.cameras, timeT });
  }
  if (segment !== "past") {
    const lifted = space.lifted[futureIndex ?? 0];
    if (!lifted) throw notLifted(isOfGrid(space, gridCount));
    const last = Math.max(1, lifted.cameras.frameCount - 1);
    const timeT = fromNowT.map((at) => (at > 0 || segment === "future" ? at / last : Number.NaN));
    spans.push({ curves: lifted.curves, cameras: lifted.cameras, timeT });
  }
  return spans;
}

function notLifted(isGrid: boolean): FormatError {
  return new FormatError(
    "This future is not in space",
    isGrid
      ? "Press Find relief again, or choose the past."
      : "Denser points have no futures: press Find relief, or choose the past.",
  );
}

function controlsOf({ controlNK3, controlCount }: SpaceCurves, ids: readonly number[]) {
  const width = 3 * controlCount;
  const out = new Float32Array(ids.length * width);
  ids.forEach((id, n) => {
    out.set(controlNK3.subarray(id * width, (id + 1) * width), n * width);
  });
  return out;
}

function camerasOf(spans: readonly Span[], frameCount: number): PinholePath {
  const parts = spans.map(({ cameras, timeT }) => {
    const own = timeT.filter((time) => !Number.isNaN(time));
    return resamplePath(
      cameras,
      own.map((time) => nearWhole(time * (cameras.frameCount - 1))),
    );
  });
  const joined = joinPaths(parts);
  if (joined.frameCount !== frameCount) throw new RangeError("a moment lies in no span");
  return joined;
}

/** Times are shares of a length; an index a millionth off a frame is that frame. */
function nearWhole(index: number): number {
  const whole = Math.round(index);
  return Math.abs(index - whole) < 1e-6 ? whole : index;
}

/** Cameras of the working frame, for a picture of `size` that it covers. */
function placeCameras(path: PinholePath, size: Size): PinholePath {
  const { scale, left, top } = placement(size);
  const [cx, cy] = path.centre;
  return {
    ...path,
    focalPxT: path.focalPxT.map((focal) => focal * scale),
    centre: [(cx + 0.5) * scale - left - 0.5, (cy + 0.5) * scale - top - 0.5],
  };
}

function positionsOf(pieces: readonly CurvePiece[], frameCount: number, count: number) {
  const positionsTN3 = new Float32Array(frameCount * count * 3);
  for (const { controlNK3, controlCount, timeT } of pieces) {
    for (let t = 0; t < frameCount; t++) {
      if (Number.isNaN(timeT[t])) continue;
      const { first, weights } = basisAt("smooth", controlCount, timeT[t]);
      for (let n = 0; n < count; n++) {
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let i = 0; i < 4; i++) {
            sum += weights[i] * controlNK3[3 * (n * controlCount + first + i) + c];
          }
          positionsTN3[3 * (t * count + n) + c] = sum;
        }
      }
    }
  }
  return positionsTN3;
}

function shownTracks({ shownTN, tracks }: PreparedTracks, columnN: Int32Array): Uint8Array {
  return Uint8Array.from({ length: tracks.frameCount * columnN.length }, (_, i) => {
    const t = Math.floor(i / columnN.length);
    return shownTN[t * tracks.pointCount + columnN[i % columnN.length]];
  });
}

/** Of denser points no tracks are at hand: those count that lie before the camera, inside the picture. */
function seenPlaces(
  pointCount: number,
  cameras: PinholePath,
  positionsTN3: Float32Array,
  size: Size,
): Uint8Array {
  return Uint8Array.from({ length: positionsTN3.length / 3 }, (_, i) => {
    const [x, y, z] = positionsTN3.subarray(3 * i, 3 * i + 3);
    const seen = videoPxFromWorld(cameras, Math.floor(i / pointCount), [x, y, z]);
    return seen[2] > 0 && isInsideFrame(seen[0], seen[1], size) ? 1 : 0;
  });
}
