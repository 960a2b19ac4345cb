import { FormatError } from "../../domain/errors.ts";
import type { Tracks } from "../../domain/tracks.ts";
import type { NpyArray } from "../containers/npy.ts";
import { documentFromJson, isDocumentJson } from "../document/document.ts";
import type { LoadedArrays } from "./common/types.ts";

const MAX_VALUES = 1 << 25;
const WAY_OUT =
  'Use an array of tracks, each an array of {"x", "y"}, or an object of nested number arrays such as {"tracks": …, "visibility": …}.';

/** Positions at or below this say "hidden" in coordinate files: WanMove and ATI use −4096 and −100. */
const SENTINEL = -100;

/**
 * JSON of tracks: our own document, ComfyUI's bare array of {"x","y"}, nested number arrays, or an
 * object of those.
 * @throws FormatError
 */
export function loadJson(value: unknown): LoadedArrays {
  if (isDocumentJson(value)) return loadDocument(value);
  if (Array.isArray(value)) {
    if (isPointList(value)) return loadCoordinates(value);
    if (typeof value[0] === "object" && value[0] !== null && "points" in value[0]) {
      throw new FormatError(
        "These are editable splines without timing, not tracks",
        "Bring the node's coordinates output instead.",
      );
    }
    return plain(new Map([["tracks", nested(value, "tracks")]]));
  }
  if (typeof value === "object" && value !== null) {
    const arrays = new Map<string, NpyArray>();
    for (const [key, item] of Object.entries(value)) {
      if (Array.isArray(item) && item.length > 0) arrays.set(key.slice(0, 100), nested(item, key));
      if (arrays.size > 64) throw new FormatError("The JSON holds more than 64 arrays", WAY_OUT);
    }
    if (arrays.size > 0) return plain(arrays);
  }
  throw new FormatError("The JSON holds no tracks", WAY_OUT);
}

function plain(arrays: Map<string, NpyArray>): LoadedArrays {
  return { container: "json", arrays, refused: [], hints: {} };
}

function isPointList(value: readonly unknown[]): boolean {
  const first: unknown = Array.isArray(value[0]) ? value[0][0] : undefined;
  return typeof first === "object" && first !== null && !Array.isArray(first);
}

function loadCoordinates(value: readonly unknown[]): LoadedArrays {
  const N = value.length;
  const T = Array.isArray(value[0]) ? value[0].length : 0;
  if (N * T * 2 > MAX_VALUES)
    throw new FormatError("The JSON holds too many points", "Save fewer.");
  const xyNT2 = new Float64Array(N * T * 2);
  const shownNT = new Uint8Array(N * T).fill(1);
  value.forEach((track: unknown, n) => {
    if (!Array.isArray(track) || track.length !== T) {
      throw new FormatError(`Track ${n} does not have ${T} points like the first`, WAY_OUT);
    }
    track.forEach((point: unknown, t) => {
      const { x, y } = (typeof point === "object" && point !== null ? point : {}) as Record<
        string,
        unknown
      >;
      if (typeof x !== "number" || typeof y !== "number") {
        throw new FormatError(`Track ${n}, point ${t} has no numbers x and y`, WAY_OUT);
      }
      const i = n * T + t;
      xyNT2[2 * i] = x;
      xyNT2[2 * i + 1] = y;
      if (x <= SENTINEL && y <= SENTINEL) {
        shownNT[i] = 0;
        xyNT2.fill(Number.NaN, 2 * i, 2 * i + 2);
      }
    });
  });
  return {
    container: "json",
    arrays: new Map<string, NpyArray>([
      ["coordinates", { shape: [N, T, 2], dtype: "float64", data: xyNT2 }],
      ["shown", { shape: [N, T], dtype: "bool", data: shownNT }],
    ]),
    refused: [],
    hints: {
      looksLike: "ComfyUI coordinates",
      tracks: "coordinates",
      axes: "NTC",
      origin: "pixel-edge",
      visibility: { array: "shown", meaning: "visible", threshold: 0.5 },
      ...(T === 121
        ? { notes: ["121 points a track: made for ATI, which plays 24 a second and keeps 81."] }
        : {}),
    },
  };
}

function loadDocument(value: unknown): LoadedArrays {
  const { forecast } = documentFromJson(value).document;
  const arrays = new Map<string, NpyArray>();
  const add = (name: string, { frameCount, pointCount, tracksTN2, visibilityTN }: Tracks) => {
    arrays.set(name, { shape: [frameCount, pointCount, 2], dtype: "float32", data: tracksTN2 });
    arrays.set(`${name} visible`, {
      shape: [frameCount, pointCount],
      dtype: "bool",
      data: visibilityTN,
    });
  };
  add("history", forecast.history);
  forecast.futures.forEach((future, k) => {
    add(`future ${k + 1}`, future.tracks);
  });
  if (forecast.truth) add("truth", forecast.truth);
  return {
    container: "json",
    arrays,
    refused: [],
    hints: {
      looksLike: "a Foretrack forecast",
      tracks: "history",
      axes: "TNC",
      units: "px",
      origin: "pixel-centre",
      sourceSize: { width: 832, height: 480 },
      visibility: { array: "history visible", meaning: "visible", threshold: 0.5 },
      fps: forecast.fps,
      now: { frame: forecast.history.frameCount - 1, secs: forecast.nowSecs },
    },
  };
}

/** Nested arrays of equal lengths to one array; true and false count as 1 and 0, null as NaN. */
function nested(value: readonly unknown[], name: string): NpyArray {
  const shape: number[] = [];
  let level: unknown = value;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0];
  }
  const count = shape.reduce((product, n) => product * n, 1);
  if (count > MAX_VALUES) throw new FormatError(`“${name}” holds too many values`, "Save fewer.");
  const data = new Float64Array(count);
  let at = 0;
  const path: number[] = [];
  const place = () => `${name}${path.map((i) => `[${i}]`).join("")}`;
  const walk = (item: unknown): void => {
    if (path.length === shape.length) {
      data[at++] = scalar(item, place);
      return;
    }
    const length = shape[path.length];
    if (!Array.isArray(item) || item.length !== length) {
      throw new FormatError(`${place()} does not hold ${length} items`, WAY_OUT);
    }
    for (let i = 0; i < length; i++) {
      path.push(i);
      walk(item[i]);
      path.pop();
    }
  };
  walk(value);
  return { shape, dtype: "float64", data };
}

function scalar(value: unknown, place: () => string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null) return Number.NaN;
  throw new FormatError(`${place()} is not a number`, WAY_OUT);
}
