import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import Papa from "papaparse";
import { gridQueryXyN2, HISTORY_FRAMES, HORIZON_FRAMES, POINT_COUNT } from "../../domain/grid.ts";
import { createTracks, sliceFrames, type Tracks } from "../../domain/tracks.ts";
import type { NpyArray } from "../../formats/containers/npy.ts";
import { readNpz } from "../../formats/containers/npz.ts";

/** One clip at one rate: what the studio's tracker saw, and independent truth after "now". */
export interface SteeringCase {
  readonly clip: string;
  /** The clip's origin: clips of one source are not independent. */
  readonly source: string;
  readonly frameIntervalSecs: number;
  readonly history: Tracks;
  /** Visibility 1 where the position is known. */
  readonly truth: Tracks;
}

/** Truth files hold the cells' corners first, then their centres, in pixels times 32. */
const TRUTH_SCALE = 32;
const FEWEST_FRAMES = 8;
const FEWEST_KNOWN = 200;

/**
 * The clips of one split of `clips/manifest.csv` with a truth in the folder `truths` and a history in
 * `tracks` (files of `npm run tracks`). `rate`: frames a second, or "native".
 */
export function loadCases(
  { clips, truths, tracks, split: wanted }: Record<"clips" | "truths" | "tracks" | "split", string>,
  rate: string,
): SteeringCase[] {
  const { data } = Papa.parse<Record<string, string>>(
    readFileSync(join(clips, "manifest.csv"), "utf8"),
    { header: true, skipEmptyLines: true },
  );
  const histories = readdirSync(tracks).sort();
  return data.flatMap(({ file, split, source }) => {
    const stem = basename(file).replace(/\.\w+$/, "");
    const truth = join(truths, `${stem}.npz`);
    if (split !== wanted || !existsSync(truth)) return [];
    const history = histories.find((name) => name.startsWith(`${stem}__`));
    if (!history) return [];
    const past = readNpz(readFileSync(join(tracks, history)));
    const found = caseOf(readNpz(readFileSync(truth)), past, rate);
    return found ? [{ clip: stem, source, ...found }] : [];
  });
}

type Arrays = ReadonlyMap<string, NpyArray>;

function array(arrays: Arrays, name: string): NpyArray {
  const found = arrays.get(name);
  if (!found) throw new Error(`the file holds no array ${name}`);
  return found;
}

function caseOf(
  truthFile: Arrays,
  historyFile: Arrays,
  rate: string,
): Omit<SteeringCase, "clip" | "source"> | null {
  const fps = Number(array(truthFile, "fps").data[0]);
  const now = Number(array(truthFile, "now_index").data[0]);
  const wanted = rate === "native" ? fps : Number(rate);
  const step = fps / wanted;
  const truth = centresOnGrid(truthFile, now);
  const past = historyOf(historyFile);
  const behind = Math.min(HISTORY_FRAMES - 1, Math.floor((past.frameCount - 1) / step + 1e-6));
  const ahead = Math.min(HORIZON_FRAMES, Math.floor((truth.frameCount - 1 - now) / step + 1e-6));
  if (ahead < FEWEST_FRAMES) return null;
  const history = resample(past, behind + 1, (t) => past.frameCount - 1 + (t - behind) * step);
  const future = resample(truth, ahead, (t) => now + (t + 1) * step);
  for (let i = 0; i < future.visibilityTN.length; i++) {
    const seenNow = truth.visibilityTN[now * POINT_COUNT + (i % POINT_COUNT)];
    if (!seenNow) future.visibilityTN[i] = 0;
  }
  const known = future.visibilityTN.reduce((sum, seen) => sum + seen, 0);
  if (known < FEWEST_KNOWN) return null;
  return { frameIntervalSecs: 1 / wanted, history, truth: future };
}

/** The cells' centres, moved from the truth's pixel centres onto the studio's grid at "now". */
function centresOnGrid(file: Arrays, now: number): Tracks {
  const positions = array(file, "tracks_tn2_x32");
  const seen = array(file, "visibility_tn");
  const [frameCount, all] = positions.shape;
  const first = all - POINT_COUNT;
  const tracks = createTracks(frameCount, POINT_COUNT);
  const grid = gridQueryXyN2();
  const at = (t: number, n: number, axis: number) =>
    Number(positions.data[2 * (t * all + first + n) + axis]) / TRUTH_SCALE;
  for (let t = 0; t < frameCount; t++) {
    for (let n = 0; n < POINT_COUNT; n++) {
      const i = t * POINT_COUNT + n;
      tracks.visibilityTN[i] = Number(seen.data[t * all + first + n]);
      for (const axis of [0, 1]) {
        tracks.tracksTN2[2 * i + axis] = at(t, n, axis) + grid[2 * n + axis] - at(now, n, axis);
      }
    }
  }
  return tracks;
}

function historyOf(file: Arrays): Tracks {
  const positions = array(file, "history_tracks_tn2");
  const [frameCount, pointCount] = positions.shape;
  const visibility = array(file, "history_visibility_tn").data;
  return {
    frameCount,
    pointCount,
    tracksTN2: Float32Array.from(positions.data, Number),
    visibilityTN: Uint8Array.from(visibility, (v) => (Number(v) > 0 ? 1 : 0)),
  };
}

/** `frames` frames of `tracks`, linear in time; visible where both neighbours are. */
function resample(tracks: Tracks, frames: number, at: (t: number) => number): Tracks {
  const { frameCount, pointCount } = tracks;
  const out = createTracks(frames, pointCount);
  for (let t = 0; t < frames; t++) {
    const low = Math.min(Math.max(Math.floor(at(t) + 1e-6), 0), Math.max(frameCount - 2, 0));
    const high = Math.min(low + 1, frameCount - 1);
    const part = at(t) - low;
    const [a, b] = [sliceFrames(tracks, low, low + 1), sliceFrames(tracks, high, high + 1)];
    for (let i = 0; i < 2 * pointCount; i++) {
      out.tracksTN2[2 * t * pointCount + i] = a.tracksTN2[i] * (1 - part) + b.tracksTN2[i] * part;
    }
    for (let n = 0; n < pointCount; n++) {
      const before = a.visibilityTN[n] || part > 0.98;
      const after = b.visibilityTN[n] || part < 0.02;
      out.visibilityTN[t * pointCount + n] = before && after ? 1 : 0;
    }
  }
  return out;
}
