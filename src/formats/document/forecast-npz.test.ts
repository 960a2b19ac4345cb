import { expect, test } from "vitest";
import { readNpz } from "../containers/npz.ts";
import { fixtureDocument } from "../fixture.ts";
import { writeForecastNpz } from "./forecast-npz.ts";

test("every array of the forecast, bit for bit, with the shapes of its name", () => {
  const { forecast } = fixtureDocument();
  const arrays = readNpz(writeForecastNpz(forecast));
  const shapes = Object.fromEntries([...arrays].map(([name, a]) => [name, [a.dtype, ...a.shape]]));
  expect(shapes).toEqual({
    history_tracks_tn2: ["float32", 81, 390, 2],
    history_visibility_tn: ["bool", 81, 390],
    future_tracks_ktn2: ["float32", 2, 81, 390, 2],
    future_visibility_ktn: ["bool", 2, 81, 390],
    query_xy_n2: ["float32", 390, 2],
    seeds: ["int64", 2],
    fps: ["float64", 1],
    now_secs: ["float64", 1],
    truth_tracks_tn2: ["float32", 60, 390, 2],
    truth_visibility_tn: ["bool", 60, 390],
    camera_path_kt6: ["float32", 2, 81, 6],
  });
  const same = (name: string, from: number, want: Float32Array) => {
    const got = arrays.get(name)?.data.subarray(from, from + want.length) as Float32Array;
    return Buffer.compare(new Uint8Array(got.slice().buffer), new Uint8Array(want.buffer)) === 0;
  };
  expect(same("history_tracks_tn2", 0, forecast.history.tracksTN2)).toBe(true);
  const second = forecast.futures[1].tracks.tracksTN2;
  expect(same("future_tracks_ktn2", second.length, second)).toBe(true);
  expect([...(arrays.get("seeds")?.data ?? [])]).toEqual([100, 101]);
});

test("futures of one picture bring the latents that give them again, all or none", () => {
  const { forecast } = fixtureDocument(2);
  const picture = "0".repeat(64);
  const futures = forecast.futures.map((future, k) => ({
    ...future,
    latent: { z: [k, 0.1, -2], picture },
  }));
  const latents = readNpz(writeForecastNpz({ ...forecast, futures })).get("latents_kl");
  expect(latents?.shape).toEqual([2, 3]);
  expect([...(latents?.data ?? [])].map(Number)).toEqual([
    ...Float32Array.of(0, 0.1, -2, 1, 0.1, -2),
  ]);
  const some = [futures[0], forecast.futures[1]];
  expect(readNpz(writeForecastNpz({ ...forecast, futures: some })).has("latents_kl")).toBe(false);
});
