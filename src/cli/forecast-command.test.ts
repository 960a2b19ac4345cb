import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { pinOf } from "../domain/edits/pin.ts";
import { gridQueryXyN2, POINT_COUNT } from "../domain/grid.ts";
import { drawLatent } from "../engine/exploration/latent.ts";
import { readNpz } from "../formats/containers/npz.ts";
import { readDocument } from "../formats/document/document.ts";
import { writeEdits } from "../formats/document/edits-file.ts";
import { readForecastSettings } from "./forecast-settings.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PACK = join(ROOT, "src/workers/inference/testdata/tiny-pack");
const TRAJLOOM = join(ROOT, "src/workers/inference/testdata/tiny-trajloom");
const PHOTO_PACK = join(ROOT, "src/workers/inference/testdata/tiny-photo");
const PHOTO = join(ROOT, "public/samples/walker.jpg");
const CLIP = join(ROOT, "public/samples/marbles.mp4");

vi.setConfig({ testTimeout: 240_000 });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "forecast-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    const script = join(ROOT, "src/cli/forecast.ts");
    execFile(
      process.execPath,
      ["--import", "tsx", script, ...args],
      { cwd: ROOT },
      (error, out, err) => done({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

test("a clip becomes json, npz and meta that agree with each other", async () => {
  const out = join(folder, "clip");
  const args = ["--fps", "8", "--now", "1", "--futures", "2", "--seed", "5", "--steps", "3"];
  const { code, err } = await command(CLIP, "--out", out, "--pack", PACK, ...args);
  expect(err).toContain("Sampling 2 futures");
  expect(code).toBe(0);
  expect((await readdir(out)).sort()).toEqual(["forecast.json", "forecast.npz", "meta.json"]);

  const meta = JSON.parse(await readFile(join(out, "meta.json"), "utf8"));
  expect(meta).toMatchObject({
    fps: 8,
    now_secs: 1,
    seeds: [5, 6],
    solver: "euler",
    steps: 3,
    pack: "tiny",
  });
  expect(meta.crop.destination).toEqual({ x: 0, y: 0, width: 832, height: 480 });

  const { forecast } = readDocument(await readFile(join(out, "forecast.json"))).document;
  expect(forecast.history.frameCount).toBe(9);
  expect(forecast.futures.map((future) => future.seed)).toEqual([5, 6]);
  const query = gridQueryXyN2();
  expect(forecast.history.tracksTN2.slice(-2 * POINT_COUNT)).toEqual(query);

  const npz = readNpz(await readFile(join(out, "forecast.npz")));
  const shape = (name: string) => npz.get(name)?.shape;
  expect(shape("history_tracks_tn2")).toEqual([9, POINT_COUNT, 2]);
  expect(shape("history_visibility_tn")).toEqual([9, POINT_COUNT]);
  expect(shape("future_tracks_ktn2")).toEqual([2, 81, POINT_COUNT, 2]);
  expect(shape("future_visibility_ktn")).toEqual([2, 81, POINT_COUNT]);
  expect(shape("query_xy_n2")).toEqual([POINT_COUNT, 2]);
});

test("edits of another clip and rate are fitted, said, followed, and go along", async () => {
  const pin = pinOf("a", "Pin 1", 200, 15, [500, 200]);
  const ground = {
    startN2: gridQueryXyN2(),
    frameCount: 81,
    frame: { width: 832, height: 480 },
    fps: 16,
    nowSecs: 3,
    clip: { name: "cup.mp4", displaySize: { width: 832, height: 480 }, fit: "cover" as const },
  };
  const file = join(folder, "edits.json");
  await writeFile(file, writeEdits([pin], ground));
  const out = join(folder, "edited");
  const args = ["--fps", "8", "--now", "1", "--futures", "2", "--steps", "1", "--edits", file];
  const { code, err } = await command(CLIP, "--out", out, "--pack", PACK, ...args);
  expect(code).toBe(0);
  expect(err).toMatch(/made on cup\.mp4[\s\S]*16 frames a second: at 8/);
  const { forecast } = readDocument(await readFile(join(out, "forecast.json"))).document;
  expect(forecast.edits).toEqual([{ ...pin, frames: [7, 7] }]);
  for (const { tracks } of forecast.futures) {
    const at = 2 * (7 * POINT_COUNT + 200);
    expect([...tracks.tracksTN2.subarray(at, at + 2)]).toEqual([500, 200]);
  }
  const none = await command(CLIP, "--out", out, "--pack", PACK, "--edits", CLIP);
  expect(none.code).toBe(1);
  expect(none.err).toContain("The file is not text");
});

test("a TrajLoom pack starts its points on the first frame of the past, at the clip's own rate", async () => {
  const out = join(folder, "trajloom");
  const { code, err } = await command(
    ...[CLIP, "--out", out, "--pack", TRAJLOOM, "--now", "1", "--futures", "1", "--steps", "4"],
    ...["--solver", "ab2", "--time-shift", "2", "--source", "paper"],
  );
  expect(err).toContain("Sampling 1 futures");
  expect(code).toBe(0);
  const meta = JSON.parse(await readFile(join(out, "meta.json"), "utf8"));
  expect(meta).toMatchObject({ pack: "tiny-trajloom-fp32", fps: 24, solver: "ab2", timeShift: 2 });
  const { forecast } = readDocument(await readFile(join(out, "forecast.json"))).document;
  const { history } = forecast;
  expect(history.frameCount).toBe(25);
  expect(history.tracksTN2.slice(0, 2 * POINT_COUNT)).toEqual(gridQueryXyN2("cell-corner"));
  expect(forecast.queryXyN2).toEqual(history.tracksTN2.slice(-2 * POINT_COUNT));
  expect(forecast.futures[0].tracks.frameCount).toBe(81);
  expect(forecast.truth?.frameCount).toBe(81);
});

test("a photo has a past of one frame", async () => {
  const out = join(folder, "photo");
  const photo = join(ROOT, "public/samples/marbles.jpg");
  const { code } = await command(photo, "--out", out, "--pack", PACK, "--futures", "1");
  expect(code).toBe(0);
  const { forecast } = readDocument(await readFile(join(out, "forecast.json"))).document;
  expect(forecast.history.frameCount).toBe(1);
  expect(forecast.futures[0].tracks.frameCount).toBe(81);
  expect(forecast.truth).toBeUndefined();
});

test("several clips share one model, and one that fails does not stop the others", async () => {
  const out = join(folder, "several");
  const photo = join(ROOT, "public/samples/marbles.jpg");
  const gone = join(folder, "gone.mp4");
  const short = ["--fps", "4", "--now", "0", "--futures", "1", "--steps", "1"];
  const clips = [gone, photo, join(ROOT, "public/samples/walker.mp4")];
  const { code, err } = await command(...clips, "--out", out, "--pack", PACK, ...short);
  expect(code).toBe(1);
  expect(err).toContain("gone.mp4: ");
  expect(err.match(/Loading the model/g)).toHaveLength(1);
  expect((await readdir(out)).sort()).toEqual(["marbles", "walker"]);
  for (const name of ["marbles", "walker"]) {
    expect((await readdir(join(out, name))).sort()).toEqual([
      "forecast.json",
      "forecast.npz",
      "meta.json",
    ]);
  }
  const twice = await command(photo, CLIP, "--out", out, "--pack", PACK);
  expect(twice.code).toBe(1);
  expect(twice.err).toContain("named marbles");
});

test("what cannot be done ends with a message and leaves no file", async () => {
  const out = join(folder, "none");
  const failures = [
    { args: [join(folder, "no.mp4"), "--out", out, "--pack", PACK], says: "no.mp4" },
    { args: [CLIP, "--out", out, "--pack", "no-such-pack"], says: "no-such-pack" },
    { args: [CLIP, "--out", out, "--pack", PACK, "--now", "999"], says: "after the end" },
    { args: [CLIP], says: "--out" },
  ];
  for (const { args, says } of failures) {
    const { code, err } = await command(...args);
    expect(code).not.toBe(0);
    expect(err).toContain(says);
  }
  await expect(readdir(out)).rejects.toThrow();
});

test("flags are checked before any work, and the defaults are those of the studio", () => {
  const read = (...args: string[]) => readForecastSettings(["clip.mp4", "--out", "o", ...args]);
  expect(read()).toMatchObject({
    rate: undefined,
    fit: "cover",
    futures: 8,
    seed: 1,
    pack: undefined, // the clip decides: a photo has a pack of its own
  });
  expect(read("--fps", "native")?.rate).toBe("native");
  expect(readForecastSettings(["--help"])).toBeNull();
  for (const bad of [
    ["--fps", "0"],
    ["--fps", "x"],
    ["--futures", "65"],
    ["--futures", "1.5"],
    ["--seed", ""],
    ["--solver", "rk4"],
    ["--steps", "0"],
    ["--time-shift", "0"],
    ["--source", "both"],
    ["--now", "-1"],
    ["--fit", "stretch"],
    ["--camera", "loose"],
    ["--colour"],
  ]) {
    expect(() => read(...bad)).toThrow();
  }
});

test("futures of one picture give themselves again from an exported forecast", async () => {
  const [first, again, other] = ["first", "again", "other"].map((name) => join(folder, name));
  const photo = join(ROOT, "public/samples/walker.jpg");
  const pack = ["--pack", join(ROOT, "src/workers/inference/testdata/tiny-photo")];
  // With what they followed: a later "--again" needs no "--edits".
  const pin = pinOf("a", "Pin 1", 200, 15, [500, 200]);
  const ground = {
    ...{ startN2: gridQueryXyN2(), frameCount: 81, frame: { width: 832, height: 480 } },
    ...{ fps: 16, nowSecs: 0 },
    clip: { name: "walker.jpg", displaySize: { width: 832, height: 480 }, fit: "cover" as const },
  };
  const edits = join(folder, "photo-edits.json");
  await writeFile(edits, writeEdits([pin], ground));
  const asked = ["--futures", "2", "--seed", "3", "--edits", edits];
  await command(photo, "--out", first, ...pack, ...asked);
  const bytes = await readFile(join(first, "forecast.json"));
  const { futures, edits: followed } = readDocument(bytes).document.forecast;
  expect(followed).toHaveLength(1);
  expect(futures.map(({ seed, latent }) => [seed, latent?.z.length])).toEqual([
    [3, 4],
    [4, 4],
  ]);
  const repeat = ["--again", join(first, "forecast.json"), ...pack];
  await command(photo, "--out", again, ...repeat);
  expect(Buffer.compare(await readFile(join(again, "forecast.json")), bytes)).toBe(0);
  const marbles = join(ROOT, "public/samples/marbles.jpg");
  const { err } = await command(marbles, "--out", other, ...repeat);
  expect(err).toContain("of another picture");
});

test("a photo's futures are written on finer cells; a clip's are refused them", async () => {
  const written = async (name: string, ...args: string[]) => {
    const out = join(folder, name);
    const asked = ["--pack", PHOTO_PACK, "--futures", "1", ...args];
    const { code, err } = await command(PHOTO, "--out", out, ...asked);
    expect(err).not.toContain("Error");
    expect(code).toBe(0);
    return readDocument(await readFile(join(out, "forecast.json"))).document.forecast;
  };
  const coarse = await written("photo");
  const fine = await written("photo-fine", "--cells", "2");
  expect(fine.queryXyN2).toEqual(
    gridQueryXyN2("cell-centre", { rows: 30, columns: 52, width: 832, height: 480 }),
  );
  const [a, b] = [coarse, fine].map(({ futures: [future] }) => future);
  expect(b.latent).toEqual(a.latent);
  const end = ({ tracks }: typeof a) => tracks.tracksTN2.subarray(80 * 2 * tracks.pointCount);
  const moved = ({ futures: [future], queryXyN2 }: typeof fine) =>
    Math.max(...end(future).map((value, i) => Math.abs(value - queryXyN2[i])));
  // A weighted mean of neighbours goes no further than they do.
  expect(moved(fine)).toBeGreaterThan(1);
  expect(moved(fine)).toBeLessThanOrEqual(moved(coarse) + 1e-3);

  const none = ["--pack", PACK, "--futures", "1", "--cells", "4"];
  const refused = await command(CLIP, "--out", join(folder, "none"), ...none);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("has no cells 4 times as fine");
});

test("a photo's camera is let go by a flag, gives itself again, and is refused where there is none", async () => {
  const made = async (name: string, ...args: string[]) => {
    const out = join(folder, name);
    const { code } = await command(PHOTO, "--out", out, "--futures", "2", ...args);
    expect(code).toBe(0);
    const bytes = await readFile(join(out, "forecast.json"));
    return { bytes, ...readDocument(bytes).document.forecast };
  };
  const free = await made("free", "--camera", "free");
  expect(free.futures.some(({ cameraPathT6 }) => cameraPathT6)).toBe(true);
  // All but the camera's part is what the seed draws.
  for (const { latent, seed } of free.futures) {
    const z = Float32Array.from(latent?.z ?? []);
    expect(z.subarray(0, 30)).toEqual(drawLatent(seed, z.length).subarray(0, 30));
    expect(z.subarray(30).every((value) => value !== 0)).toBe(true);
  }
  const again = await made("free-again", "--again", join(folder, "free", "forecast.json"));
  expect(Buffer.compare(again.bytes, free.bytes)).toBe(0);

  const clip = ["--pack", PACK, "--futures", "1", "--camera", "free"];
  const refused = await command(CLIP, "--out", join(folder, "no-camera"), ...clip);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("has no camera that could be let go");
});
