import { existsSync, mkdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type { WorkingRate } from "../domain/clip.ts";
import { ForetrackError } from "../domain/errors.ts";
import { STUDIO_GEOMETRY } from "../domain/pack/geometry.ts";
import type { OpenClip } from "../domain/ports.ts";
import { rateNotice } from "../domain/rate-words.ts";
import { createTracks } from "../domain/tracks.ts";
import { trackGroundTruth } from "../engine/pipeline/ground-truth.ts";
import { trackHistory } from "../engine/pipeline/history.ts";
import { writeTracksNpz } from "../formats/document/tracks-npz.ts";
import { distinctNames } from "./distinct-names.ts";
import { explain } from "./explain.ts";
import { frameAtSecs } from "./frame-at-secs.ts";
import { createNodeDecoder } from "./node-decode/decoder.ts";
import { pointTracker } from "./point-tracker.ts";
import { readFlags } from "./read-flags.ts";
import { writeWhole } from "./write-whole.ts";

const USAGE = `npm run tracks -- CLIP... --out DIR [options]
Tracks the 15x26 grid around one or more "now" frames of each clip and writes
DIR/<clip>__<now frame>.npz. Files that exist are kept.

  --fps native|N     working frames a second (default native)
  --pictures N       a CLIP that is a folder: its numbered pictures, N of them a second
  --now SECS,...     "now" in seconds; --at SHARE,...  as shares of the clip (default 0.5)
  --every SECS       one "now" every so many seconds
  --history N        frames of past, "now" included (default 81)
  --future N         frames after "now" (default 81)`;

interface Settings {
  readonly clips: readonly string[];
  readonly out: string;
  readonly rate: WorkingRate;
  readonly pictureRate: number | undefined;
  readonly nowSecs: readonly number[] | undefined;
  readonly shares: readonly number[];
  readonly everySecs: number | undefined;
  readonly historyFrames: number;
  readonly futureFrames: number;
}

function readSettings(): Settings {
  const { values, positionals } = readFlags(USAGE, {
    allowPositionals: true,
    options: {
      out: { type: "string" },
      fps: { type: "string", default: "native" },
      pictures: { type: "string" },
      now: { type: "string" },
      at: { type: "string", default: "0.5" },
      every: { type: "string" },
      history: { type: "string", default: "81" },
      future: { type: "string", default: "81" },
    },
  });
  if (positionals.length === 0 || !values.out) {
    throw new ForetrackError("No clip or no --out folder given.", USAGE);
  }
  return {
    clips: distinctNames(positionals),
    out: values.out,
    pictureRate:
      values.pictures === undefined ? undefined : positive("--pictures", values.pictures),
    rate: values.fps === "native" ? "native" : positive("--fps", values.fps),
    nowSecs: values.now === undefined ? undefined : numbers("--now", values.now),
    shares: numbers("--at", values.at, 1),
    everySecs: values.every === undefined ? undefined : positive("--every", values.every),
    historyFrames: Math.max(1, Math.round(positive("--history", values.history))),
    futureFrames: Math.round(positive("--future", values.future)),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new ForetrackError(`${name} ${text} is not a positive number.`, USAGE);
}

function numbers(name: string, text: string, most = Number.MAX_VALUE): number[] {
  const list = text.split(",").map((one) => (one.trim() === "" ? Number.NaN : Number(one)));
  if (list.every((value) => value >= 0 && value <= most)) return list;
  const range = most === 1 ? "from 0 to 1" : "from 0";
  throw new ForetrackError(`${name} ${text} is not a list of numbers ${range}.`, USAGE);
}

function nowFrames(clip: OpenClip, settings: Settings): number[] {
  const { frameCount, durationSecs } = clip.info;
  const { nowSecs, everySecs, shares } = settings;
  let frames: number[];
  if (nowSecs) {
    frames = nowSecs.map((secs) => frameAtSecs(clip, secs));
  } else if (everySecs) {
    const count = Math.max(1, Math.floor(durationSecs / everySecs));
    frames = Array.from({ length: count }, (_, k) => frameAtSecs(clip, (k + 0.5) * everySecs));
  } else {
    frames = shares.map((share) => Math.round(share * (frameCount - 1)));
  }
  return [...new Set(frames)];
}

async function trackAround(clip: OpenClip, nowIndex: number, settings: Settings) {
  const { historyFrames, futureFrames: horizonFrames } = settings;
  const geometry = { ...STUDIO_GEOMETRY, historyFrames, horizonFrames };
  const ports = { clip, tracker: async () => pointTracker };
  const { history } = await trackHistory(ports, { nowIndex, geometry });
  const future = await trackGroundTruth(ports, { nowIndex, history, geometry });
  return { history, future: future ?? createTracks(0, history.history.pointCount) };
}

async function trackFile(file: string, settings: Settings): Promise<void> {
  const stem = basename(file, extname(file));
  const { pictureRate } = settings;
  const clip = await createNodeDecoder({ pictureRate }).open(file, {
    rate: settings.rate,
    fit: "cover",
  });
  const notice = rateNotice(clip.info);
  if (notice) console.error(`${file}: ${notice} --fps native takes every picture.`);
  try {
    for (const nowFrame of nowFrames(clip, settings)) {
      const path = join(settings.out, `${stem}__${nowFrame}.npz`);
      if (existsSync(path)) {
        console.log(`${path}: kept`);
        continue;
      }
      const started = performance.now();
      const { history, future } = await trackAround(clip, nowFrame, settings);
      const { fps, frameTimesSecs } = clip.info;
      const when = { fps, nowSecs: frameTimesSecs[nowFrame], nowFrame };
      await writeWhole(path, writeTracksNpz(history, future, when));
      const secs = ((performance.now() - started) / 1000).toFixed(1);
      console.log(
        `${path}: ${history.history.frameCount} + ${future.frameCount} frames in ${secs} s`,
      );
    }
  } finally {
    await clip.close();
  }
}

async function main(): Promise<void> {
  const settings = readSettings();
  mkdirSync(settings.out, { recursive: true });
  for (const [index, file] of settings.clips.entries()) {
    console.log(`[${index + 1}/${settings.clips.length}] ${file}`);
    try {
      await trackFile(file, settings);
    } catch (error) {
      console.error(`${file}: ${explain(error)}`);
      process.exitCode = 1;
    }
  }
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
