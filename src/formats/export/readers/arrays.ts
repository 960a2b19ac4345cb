import { type NpyArray, readNpy } from "../../containers/npy.ts";
import { readNpz } from "../../containers/npz.ts";
import { readZip } from "../../containers/zip.ts";
import type { Xy } from "./generators.ts";

/**
 * Small re-implementations of readers of arrays, written from their code as read: ATI's load_existing_tracks and
 * process_tracks, Wan-Move 1c3aa88 (wan/modules/trajectory.py), TrajLoom 8a67ae3 (utils/dataset_utils.py and
 * benchmark/compute_trajectory_quality_metrics.py), CoTracker f8fab32 and tapnet 025fba6 (their TAP-Vid data sets).
 */
export interface ReadTrack {
  readonly points: readonly Xy[];
  readonly seen: readonly boolean[];
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

function need(arrays: ReadonlyMap<string, NpyArray>, ...names: string[]): NpyArray {
  const name = names.find((key) => arrays.has(key));
  const found = name === undefined ? undefined : arrays.get(name);
  if (!found) throw new Error(`no array ${names.join(" or ")}`);
  return found;
}

/** A torch file whose object is a bytes of an npz: x, y, visibility, each times 8; 121 points to 81. */
export function readAtiFile(bytes: Uint8Array): ReadTrack[] {
  const pickle = readZip(bytes).get("archive/data.pkl");
  if (!pickle) throw new Error("no torch file");
  const at = pickle.indexOf(0x58) + 1;
  const length = new DataView(pickle.buffer, pickle.byteOffset + at, 4).getUint32(0, true);
  const text = new TextDecoder().decode(pickle.subarray(at + 4, at + 4 + length));
  const { shape, data, dtype } = need(
    readNpz(Uint8Array.from(text, (c) => c.charCodeAt(0))),
    "array",
  );
  const [tracks, points, one, three] = shape;
  if (dtype !== "float32" || points !== 121 || one !== 1 || three !== 3) throw new Error("shape");
  // repeat_interleave(2)[1::3] of points 1 to 120, behind point 0.
  const looks = [0, ...range(80).map((j) => 1 + Math.floor((3 * j + 1) / 2))];
  return range(tracks).map((n) => {
    const value = (look: number, k: number) => data[3 * (n * 121 + look) + k] / 8;
    return {
      points: looks.map((look) => ({ x: value(look, 0), y: value(look, 1) })),
      seen: looks.map((look) => value(look, 2) > 0.5),
    };
  });
}

/** tracks.npy [1,T,N,2] float32 and visibility.npy [1,T,N] bool; 81 frames or it stops. */
export function readWanMove(tracks: Uint8Array, visibility: Uint8Array): ReadTrack[] {
  const [xy, seen] = [readNpy(tracks), readNpy(visibility)];
  const [batch, T, N, two] = xy.shape;
  if (batch !== 1 || two !== 2 || xy.dtype !== "float32") throw new Error("tracks.npy");
  if (seen.dtype !== "bool" || `${seen.shape}` !== `1,${T},${N}`) throw new Error("visibility.npy");
  if (T !== 81) throw new Error(`IndexError: ${T} frames`);
  return framesFirst(xy, seen, T, N);
}

/** load_trajectory: arrays by the first of these names, taken for [N,T,2] and [N,T] without a look. */
export function readTrajLoom(bytes: Uint8Array): ReadTrack[] {
  const arrays = readNpz(bytes);
  const xy = need(arrays, "trajectory", "trajectories", "tracks");
  const seen = need(arrays, "visibility", "visibilities", "vis");
  return pointsFirst(xy, seen, (value) => value !== 0);
}

/** A run directory of the benchmark: [T,N,2], and queries that make a grid where they are all there. */
export function readBenchmarkRun(files: ReadonlyMap<string, Uint8Array>, which: "pred" | "gt") {
  const read = (name: string) => readNpy(files.get(name) ?? new Uint8Array(0));
  const xy = read(`${which}_tracks.npy`);
  const seen = read(`${which}_visibility.npy`);
  const [T, N, two] = xy.shape;
  if (two !== 2 || `${seen.shape}` !== `${T},${N}`) throw new Error("shapes");
  const queries = read("query_xy.npy");
  const columns = new Set(range(N).map((n) => queries.data[2 * n]));
  const rows = new Set(range(N).map((n) => queries.data[2 * n + 1]));
  return { tracks: framesFirst(xy, seen, T, N), isGrid: columns.size * rows.size === N };
}

/**
 * TAP-Vid's arrays, positions from 0 to 1. tapnet, and CoTracker until 007c86f, scale them by W and H;
 * CoTracker since then by W − 1 and H − 1, so that its pixels count from the centre of the first one.
 */
export function readTapVid(bytes: Uint8Array, scale: readonly [number, number]): ReadTrack[] {
  const arrays = readNpz(bytes);
  const tracks = pointsFirst(
    need(arrays, "points"),
    need(arrays, "occluded"),
    (value) => value === 0,
  );
  return tracks.map(({ points, seen }) => ({
    points: points.map(({ x, y }) => ({ x: x * scale[0], y: y * scale[1] })),
    seen,
  }));
}

function framesFirst(xy: NpyArray, seen: NpyArray, T: number, N: number): ReadTrack[] {
  return range(N).map((n) => ({
    points: range(T).map((t) => ({ x: xy.data[2 * (t * N + n)], y: xy.data[2 * (t * N + n) + 1] })),
    seen: range(T).map((t) => seen.data[t * N + n] !== 0),
  }));
}

function pointsFirst(
  xy: NpyArray,
  seen: NpyArray,
  isSeen: (value: number) => boolean,
): ReadTrack[] {
  const [N, T, two] = xy.shape;
  if (two !== 2 || `${seen.shape}` !== `${N},${T}`)
    throw new Error(`shapes ${xy.shape}, ${seen.shape}`);
  return range(N).map((n) => ({
    points: range(T).map((t) => ({ x: xy.data[2 * (n * T + t)], y: xy.data[2 * (n * T + t) + 1] })),
    seen: range(T).map((t) => isSeen(seen.data[n * T + t])),
  }));
}
