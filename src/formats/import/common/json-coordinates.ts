import { FormatError } from "../../../domain/errors.ts";
import type { NpyArray } from "../../containers/npy.ts";
import { JSON_WAY_OUT, MAX_JSON_VALUES } from "./json-nested.ts";
import type { LoadedArrays } from "./types.ts";

/** Positions at or below this say "hidden" in coordinate files: WanMove and ATI use −4096 and −100. */
const SENTINEL = -100;

/** A list of tracks, each a list of {"x","y"}. */
export function isTrackList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && isPoint(Array.isArray(value[0]) ? value[0][0] : undefined);
}

/** One track by itself, as SplineEditor writes it for a single spline. */
export function isOneTrack(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && isPoint(value[0]);
}

function isPoint(value: unknown): boolean {
  return typeof value === "object" && value !== null && "x" in value && "y" in value;
}

/**
 * ComfyUI's coordinates, track → frame → {"x","y"}; off-frame sentinels are hidden points.
 * @throws FormatError naming the first track that does not fit.
 */
export function loadCoordinates(value: readonly unknown[]): LoadedArrays {
  const N = value.length;
  const T = Array.isArray(value[0]) ? value[0].length : 0;
  if (N * T * 2 > MAX_JSON_VALUES)
    throw new FormatError("The JSON holds too many points", "Save fewer.");
  const xyNT2 = new Float64Array(N * T * 2);
  const shownNT = new Uint8Array(N * T).fill(1);
  value.forEach((track: unknown, n) => {
    if (!Array.isArray(track) || track.length !== T) {
      throw new FormatError(`Track ${n} does not have ${T} points like the first`, JSON_WAY_OUT);
    }
    track.forEach((point: unknown, t) => {
      const { x, y } = (typeof point === "object" && point !== null ? point : {}) as Record<
        string,
        unknown
      >;
      if (typeof x !== "number" || typeof y !== "number") {
        throw new FormatError(`Track ${n}, point ${t} has no numbers x and y`, JSON_WAY_OUT);
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
