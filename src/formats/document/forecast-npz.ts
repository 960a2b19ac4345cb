import { FormatError } from "../../domain/errors.ts";
import type { Forecast } from "../../domain/forecast.ts";
import { type NpzEntry, writeNpz } from "../containers/npz.ts";

/**
 * `forecast.npz`, what `npm run forecast` writes for Python: videoPx of the 832×480 working frame,
 * 0 = centre of the first pixel. K futures, T past and F future frames, N points.
 * - `history_tracks_tn2` [T,N,2] float32 (x,y), the last frame is "now"; `history_visibility_tn` [T,N] bool;
 * - `future_tracks_ktn2` [K,F,N,2] float32; `future_visibility_ktn` [K,F,N] bool; frame 0 is the frame
 *   after "now";
 * - `query_xy_n2` [N,2] float32;
 * - `seeds` [K] int64; `fps`, `now_secs` [1] float64;
 * - `truth_tracks_tn2`, `truth_visibility_tn` where the clip goes on;
 * - `camera_path_kt6` [K,F,6] float32 where every future has one;
 * - `latents_kl` [K,L] float32 where every future is of one picture and has a latent: what gives it again.
 * @throws FormatError when the futures differ in length.
 */
export function writeForecastNpz(forecast: Forecast): Uint8Array {
  const { history, futures, truth, queryXyN2 } = forecast;
  const { frameCount: T, pointCount: N } = history;
  const F = futures[0]?.tracks.frameCount ?? 0;
  if (futures.some(({ tracks }) => tracks.frameCount !== F)) {
    throw new FormatError(
      "The futures have different lengths, so they do not fit one array",
      "Save the forecast as JSON, or sample all futures again.",
    );
  }
  const K = futures.length;
  const cameras = futures.flatMap((future) => future.cameraPathT6 ?? []);
  const entries: NpzEntry[] = [
    { name: "history_tracks_tn2", shape: [T, N, 2], dtype: "float32", values: history.tracksTN2 },
    { name: "history_visibility_tn", shape: [T, N], dtype: "bool", values: history.visibilityTN },
    {
      name: "future_tracks_ktn2",
      shape: [K, F, N, 2],
      dtype: "float32",
      values: joined(futures.map((future) => future.tracks.tracksTN2)),
    },
    {
      name: "future_visibility_ktn",
      shape: [K, F, N],
      dtype: "bool",
      values: joined(futures.map((future) => future.tracks.visibilityTN)),
    },
    { name: "query_xy_n2", shape: [N, 2], dtype: "float32", values: queryXyN2 },
    { name: "seeds", shape: [K], dtype: "int64", values: futures.map((future) => future.seed) },
    { name: "fps", shape: [1], dtype: "float64", values: [forecast.fps] },
    { name: "now_secs", shape: [1], dtype: "float64", values: [forecast.nowSecs] },
  ];
  if (truth) {
    const shape = [truth.frameCount, N];
    entries.push(
      { name: "truth_tracks_tn2", shape: [...shape, 2], dtype: "float32", values: truth.tracksTN2 },
      { name: "truth_visibility_tn", shape, dtype: "bool", values: truth.visibilityTN },
    );
  }
  if (K > 0 && cameras.length === K) {
    entries.push({
      name: "camera_path_kt6",
      shape: [K, F, 6],
      dtype: "float32",
      values: joined(cameras),
    });
  }
  const latents = futures.flatMap(({ latent }) => (latent ? [Float32Array.from(latent.z)] : []));
  const size = latents[0]?.length ?? 0;
  if (size > 0 && latents.length === K && latents.every(({ length }) => length === size)) {
    entries.push({
      name: "latents_kl",
      shape: [K, size],
      dtype: "float32",
      values: joined(latents),
    });
  }
  return writeNpz(entries);
}

function joined(parts: readonly (Float32Array | Uint8Array)[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
