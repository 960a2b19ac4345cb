import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GrayFrame } from "../domain/clip.ts";
import { ForetrackError } from "../domain/errors.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../domain/grid.ts";
import type { PointTracker } from "../domain/ports.ts";
import { createTracks, type Tracks } from "../domain/tracks.ts";
import { loadTrackingKernel } from "../engine/kernels/build.ts";
import { type Accuracy, measureAccuracy, usableTruth } from "../engine/tracking/accuracy.ts";
import { createChainedLkTracker } from "../engine/tracking/chained-lk.ts";
import { readNpz } from "../formats/containers/npz.ts";
import { explain } from "./explain.ts";
import { createNodeDecoder } from "./node-decode/decoder.ts";
import { pointTracker } from "./point-tracker.ts";
import { readFlags } from "./read-flags.ts";

const USAGE = `npx tsx src/cli/tracking-report.ts FOLDER [every nth clip, default 1]
FOLDER/truth/*.npz holds tracks of FOLDER/real/<same name>.mp4 by another tracker, or FOLDER holds
rendered scenes with exact truth (*.npz beside *.mp4, foretrack render-scenes). Prints the
accuracy of the studio's tracker beside plain chained Lucas-Kanade, both ways from "now".`;

const SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
/** Frames of one direction, "now" included. */
const FRAMES = 81;
const TRACKERS: readonly (readonly [string, PointTracker])[] = [
  ["foretrack", pointTracker],
  ["chained LK", createChainedLkTracker(loadTrackingKernel)],
];
const COLUMNS = [
  ["δ_avg %", (a: Row) => (100 * a.deltaAverage).toFixed(1)],
  ["mean px", (a: Row) => a.meanPx.toFixed(2)],
  ["median px", (a: Row) => a.medianPx.toFixed(2)],
  ["velocity px/f", (a: Row) => a.velocityPx.toFixed(3)],
  ["jitter px/f²", (a: Row) => a.jitterPx.toFixed(3)],
  ["occlusion %", (a: Row) => (100 * a.occlusionAccuracy).toFixed(1)],
  ["cpu ms/81 fr", (a: Row) => a.millis.toFixed(0)],
] as const;

type NpzArrays = ReturnType<typeof readNpz>;
type Row = Accuracy & { readonly millis: number };

interface Truth {
  readonly queryXyN2: Float32Array;
  readonly tracks: Tracks;
  readonly nowIndex: number;
  /** Rendered scenes know every position; another tracker's tracks are wrong in places. */
  readonly exact: boolean;
}

function readTruth(path: string): Truth {
  const arrays = readNpz(new Uint8Array(readFileSync(path)));
  return arrays.has("tracks_tn2_x32") ? readPseudoTruth(arrays) : readExactTruth(arrays);
}

function readExactTruth(arrays: NpzArrays): Truth {
  const { data, shape } = arrays.get("tracks")!;
  const tracks = createTracks(shape[0], shape[1]);
  tracks.tracksTN2.set(data);
  tracks.visibilityTN.set(arrays.get("visibility")!.data);
  return {
    queryXyN2: Float32Array.from(arrays.get("query")!.data),
    tracks,
    nowIndex: arrays.get("now")!.data[0],
    exact: true,
  };
}

/** The cell centres are the second half of the truth's points; time order, native frames. */
function readPseudoTruth(arrays: NpzArrays): Truth {
  const query = arrays.get("query_xy_n2")!.data;
  const { data, shape } = arrays.get("tracks_tn2_x32")!;
  const visibility = arrays.get("visibility_tn")!.data;
  const [frameCount, all] = shape as [number, number];
  const n = all / 2;
  const tracks = createTracks(frameCount, n);
  for (let t = 0; t < frameCount; t++) {
    const from = t * all + n;
    for (let k = 0; k < 2 * n; k++) tracks.tracksTN2[2 * t * n + k] = data[2 * from + k] / 32;
    for (let i = 0; i < n; i++) tracks.visibilityTN[t * n + i] = visibility[from + i];
  }
  return {
    queryXyN2: Float32Array.from(query.subarray(2 * n)),
    tracks,
    nowIndex: arrays.get("now_index")!.data[0],
    exact: false,
  };
}

function pickFrames(tracks: Tracks, frames: readonly number[]): Tracks {
  const n = tracks.pointCount;
  const out = createTracks(frames.length, n);
  for (const [k, t] of frames.entries()) {
    out.tracksTN2.set(tracks.tracksTN2.subarray(2 * t * n, 2 * (t + 1) * n), 2 * k * n);
    out.visibilityTN.set(tracks.visibilityTN.subarray(t * n, (t + 1) * n), k * n);
  }
  return out;
}

async function measureClip(folder: string, stem: string, rows: Row[][]): Promise<void> {
  const pseudo = join(folder, "truth", `${stem}.npz`);
  const truth = readTruth(existsSync(pseudo) ? pseudo : join(folder, `${stem}.npz`));
  const path = join(folder, truth.exact ? "." : "real", `${stem}.mp4`);
  const clip = await createNodeDecoder().open(path, { rate: "native", fit: "cover" });
  const end = Math.min(truth.tracks.frameCount, clip.info.frameCount);
  const gray: GrayFrame[] = [];
  await clip.read(0, end, SIZE, { onLuma: (luma) => gray.push(luma) });
  await clip.close();
  for (const direction of [-1, 1]) {
    const order: number[] = [];
    for (let t = truth.nowIndex; t >= 0 && t < end && order.length < FRAMES; t += direction) {
      order.push(t);
    }
    const wanted = pickFrames(truth.tracks, order);
    const usable = truth.exact
      ? new Uint8Array(wanted.visibilityTN.length).fill(1)
      : usableTruth(wanted, SIZE);
    const request = { frames: order.map((t) => gray[t]), queryXyN2: truth.queryXyN2 };
    for (const [index, [name, tracker]] of TRACKERS.entries()) {
      const started = process.cpuUsage();
      const tracks = await tracker.track(request);
      // Processor time: other programs' load does not show in it.
      const { user, system } = process.cpuUsage(started);
      const millis = (((user + system) / 1000) * FRAMES) / order.length;
      const row = { ...measureAccuracy(tracks, wanted, usable, SIZE), millis };
      if (row.count > 0) rows[index].push(row);
      print(name, `${stem} ${direction < 0 ? "past" : "future"}`, row);
    }
  }
}

function print(name: string, label: string, row: Row): void {
  const cells = COLUMNS.map(([, format]) => format(row).padStart(13));
  console.log(`${name.padEnd(12)}${cells.join("")}  ${label}`);
}

function meanRow(rows: readonly Row[]): Row {
  const mean = (key: keyof Row) => {
    const values = rows.map((row) => row[key]).filter(Number.isFinite);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return Object.fromEntries(
    Object.keys(rows[0]).map((key) => [key, mean(key as keyof Row)]),
  ) as unknown as Row;
}

async function main(): Promise<void> {
  const { positionals } = readFlags(USAGE, { allowPositionals: true });
  const [folder, every = "1"] = positionals;
  if (!folder) throw new ForetrackError("No folder given.", USAGE);
  const beside = join(folder, "truth");
  const stems = readdirSync(existsSync(beside) ? beside : folder)
    .filter((file) => file.endsWith(".npz"))
    .map((file) => file.slice(0, -4))
    .filter((_, k) => k % Number(every) === 0);
  if (stems.length === 0) throw new ForetrackError(`${folder} holds no truth (.npz).`, USAGE);
  console.log("".padEnd(12) + COLUMNS.map(([title]) => title.padStart(13)).join(""));
  const rows: Row[][] = TRACKERS.map(() => []);
  for (const stem of stems) await measureClip(folder, stem, rows);
  for (const [index, [name]] of TRACKERS.entries()) {
    print(name, `mean of ${rows[index].length}`, meanRow(rows[index]));
  }
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
