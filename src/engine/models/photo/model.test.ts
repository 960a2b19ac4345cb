import { expect, test } from "vitest";
import { withoutCamera } from "../../../domain/camera-view.ts";
import { createConstraints } from "../../../domain/constraints.ts";
import { FormatError, PackError } from "../../../domain/errors.ts";
import type { Future } from "../../../domain/forecast.ts";
import { gridQueryXyN2 } from "../../../domain/grid.ts";
import type { ForecastRequest } from "../../../domain/ports.ts";
import { createTracks } from "../../../domain/tracks.ts";
import { createForecaster } from "../forecaster.ts";
import { photoManifest, photoRunner, redLeft, WITH_RIVALS, withCamera } from "./testing.ts";

const BACKEND = { backend: "node", threads: 1, reason: "test" } as const;

function history() {
  const tracks = createTracks(1, 390);
  tracks.tracksTN2.set(gridQueryXyN2());
  tracks.visibilityTN.fill(1);
  return tracks;
}

function open() {
  const made = photoRunner();
  const forecaster = createForecaster(made.runner, photoManifest(), BACKEND);
  const forecast = async (part: Partial<ForecastRequest> = {}) => {
    const futures: Future[] = [];
    const inputs = { picture: redLeft(), history: history() };
    await forecaster.forecast({ inputs, seeds: [1, 2, 3], ...part }, (f) => futures.push(f));
    return futures;
  };
  return { ...made, forecaster, forecast };
}

test("the picture is looked at once, and its futures give themselves again from their latents", async () => {
  const { forecast, runs, alive } = open();
  const first = await forecast();
  const again = await forecast({ seeds: [9, 2] });
  expect(runs.look).toBe(1);
  expect(again[1]).toEqual(first[1]);
  expect(alive()).toBe(0);
  const latents = { 50: { z: first[2].latent?.z ?? [] } };
  const [same] = await open().forecast({ seeds: [50], latents });
  expect(same.tracks).toEqual(first[2].tracks);
  expect(same.latent).toEqual(first[2].latent);
});

test("what moves is in the picture, and every future says which picture that was", async () => {
  const { forecast } = open();
  const [future] = await forecast();
  const end = 2 * 390 * 80;
  const query = gridQueryXyN2();
  const shift = (n: number) => future.tracks.tracksTN2[end + 2 * n] - query[2 * n];
  expect(Math.abs(shift(0))).toBeGreaterThan(1);
  expect(shift(25)).toBe(0);
  const picture = redLeft();
  picture[0] = 254;
  const [other] = await forecast({ inputs: { picture, history: history() }, seeds: [1] });
  expect(other.latent?.z).toEqual(future.latent?.z);
  expect(other.latent?.picture).not.toBe(future.latent?.picture);
});

test("an edit takes along what looks alike and leaves the rest", async () => {
  const { forecast } = open();
  const constraints = createConstraints(81, 390);
  const at = 80 * 390 + 7 * 26 + 12;
  constraints.weightTN[at] = 1;
  const [free] = await forecast({ seeds: [1] });
  const wanted = [free.tracks.tracksTN2[2 * at], free.tracks.tracksTN2[2 * at + 1] - 100];
  constraints.positionsTN2.set(wanted, 2 * at);
  const [bent] = await forecast({ seeds: [1], constraints });
  const lift = (n: number) => {
    const i = 2 * (80 * 390 + n) + 1;
    return bent.tracks.tracksTN2[i] - free.tracks.tracksTN2[i];
  };
  expect(lift(7 * 26 + 12)).toBeCloseTo(-100, 3);
  // Both neighbours are as near; only the left one is of the same stuff.
  expect(lift(7 * 26 + 11)).toBeLessThan(-80);
  expect(lift(7 * 26 + 13)).toBeGreaterThan(-20);
  expect(bent.latent).toEqual(free.latent);
});

test("a latent of another size, a picture of another size and a broken basis are refused", async () => {
  const { forecast } = open();
  const latents = { 1: { z: [1, 2] } };
  await expect(forecast({ seeds: [1], latents })).rejects.toThrow(FormatError);
  const inputs = { picture: new Float32Array(3), history: history() };
  await expect(forecast({ inputs })).rejects.toThrow("takes a picture of 26×15");
  const broken = photoManifest({ timeBasis: { kind: "x", count: 2, frames: 81, rows: [[1]] } });
  expect(() => createForecaster(photoRunner().runner, broken, BACKEND)).toThrow(PackError);
});

test("a pack that brings what it is measured against gives both on the picture; others give none", async () => {
  const latents = Float32Array.of(1, 0, 0, 0, 0.5, 0, 0, 0);
  const request = { inputs: { picture: redLeft(), history: history() }, seeds: [] };
  const ofPack = async (part: object) => {
    const { runner } = photoRunner();
    const { explorer } = createForecaster(runner, photoManifest(part), BACKEND);
    const seen = await explorer?.explore(request, { count: 1 });
    return explorer?.rivals(seen?.sight.picture ?? "", latents);
  };
  expect(await ofPack({})).toBeNull();
  const rivals = await ofPack(WITH_RIVALS);
  // The blind one moves what is not red, at the right edge.
  expect(rivals?.blindKCN[25]).toBe(900);
  expect(rivals?.blindKCN[1560 + 25]).toBe(450);
  expect(rivals?.regressorCN[390]).toBe(300);
  expect(rivals?.regressorCN[390 + 25]).toBe(0);
});

test("the camera's part of a latent rests unless it is let go: its path then moves all points", async () => {
  const { parts } = withCamera(1).latent;
  const made = createForecaster(photoRunner().runner, photoManifest(withCamera(1)), BACKEND);
  const inputs = { picture: redLeft(), history: history() };
  const exploration = await made.explorer?.explore({ inputs, seeds: [] }, { count: 4 });
  expect(exploration?.sight.parts).toEqual([parts[0], { ...parts[1], rests: true }]);
  expect([3, 7, 11, 15].map((i) => exploration?.latentsKL[i])).toEqual([0, 0, 0, 0]);
  const futures: Future[] = [];
  const request = { inputs, seeds: [1, 2, 3] };
  await made.forecast({ ...request, seeds: [1] }, (f) => futures.push(f));
  const [resting] = futures;
  expect(resting.latent?.z[3]).toBe(0);
  expect(resting.cameraPathT6).toBeUndefined();
  const z = resting.latent?.z ?? [];
  const latents = { 2: { z: [...z.slice(0, 3), 1.5] }, 3: { z: [...z.slice(0, 3), 0] } };
  await made.forecast({ ...request, seeds: [2, 3], latents }, (f) => futures.push(f));
  const [, panned, still] = futures;
  expect(still.tracks).toEqual(resting.tracks);
  const last = 80 * 390 * 2;
  const shift = panned.tracks.tracksTN2[last] - resting.tracks.tracksTN2[last];
  expect(shift).toBeCloseTo(150, 3);
  expect(panned.tracks.visibilityTN[81 * 390 - 1]).toBe(0);
  const back = withoutCamera(panned).tracksTN2;
  expect(back[last]).toBeCloseTo(resting.tracks.tracksTN2[last], 3);
  const path = await made.explorer?.cameras(
    resting.latent?.picture ?? "",
    Float32Array.from(latents[2].z),
  );
  expect(path).toEqual(panned.cameraPathT6);
});
