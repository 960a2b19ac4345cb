import { parseArgs } from "node:util";
import type { Fit, WorkingRate } from "../domain/clip.ts";
import { ForetrackError } from "../domain/errors.ts";
import type { SamplerSettings } from "../domain/forecast.ts";
import { SOLVER_NAMES } from "../engine/flow/solvers/list.ts";
import { distinctNames } from "./distinct-names.ts";
import { firstSentence } from "./read-flags.ts";

export const FORECAST_USAGE = `npm run forecast -- CLIP... --out DIR [options]
Tracks the 15x26 grid back from "now", samples futures and writes DIR/forecast.json,
DIR/forecast.npz and DIR/meta.json; of several clips below DIR/<clip's name>/, with one model for all.

  --now SECS         "now" in seconds (default: the middle of the clip, as in the studio)
  --fps 16|native|N  working frames a second (default: what the pack says, 16 where it is silent)
  --pictures N       a CLIP that is a folder: its numbered pictures, N of them a second
  --fit cover|letterbox   how the picture fills 832x480 (default cover)
  --futures N        1 to 64 (default 8)
  --seed N           seed of the first future, the others count up (default 1)
  --solver ${SOLVER_NAMES.join("|")}, --steps N   (default: what the pack says)
  --time-shift S     above 1: shorter steps near the source (default 1)
  --edits FILE       edits to follow: saved in the Edits panel, or those of a forecast.json; of another
                     clip, rate or size they are fitted, and what changed is said
  --pack ID|PATH     a pack of public/packs, or a pack's folder or zip (default photo
                     for photos, where it ships, else compact)
  --again FILE.json  the futures of an exported forecast once more: its seeds, the latents that its
                     user arrived at, and its edits; needs the same picture and pack
  --source released|paper   TrajLoom packs: the first source latent anchored, or all (default: the
                     pack's)
  --cells 2|4        a photo's futures on cells two or four times as fine, as the pack's picture shows edges
  --camera held|free   of a photo's futures: it stands still (default), or moves as cameras do
  --text FILE.npy    TrajLoom packs: a pooled text embedding
  --threads N        (default: the machine's cores, at most 4)`;

export interface ForecastSettings {
  readonly clips: readonly string[];
  readonly out: string;
  readonly nowSecs: number | undefined;
  /** Undefined leaves it to the pack. */
  readonly rate: WorkingRate | undefined;
  /** Pictures a second of folders of numbered ones. */
  readonly pictureRate: number | undefined;
  readonly fit: Fit;
  readonly futures: number;
  readonly seed: number;
  readonly solver: SamplerSettings["solver"] | undefined;
  readonly steps: number | undefined;
  readonly timeShift: number | undefined;
  /** Way to draw the source latent. */
  readonly source: string | undefined;
  /** Path of a text embedding. */
  readonly text: string | undefined;
  /** Path of edits to follow. */
  readonly edits: string | undefined;
  /** Undefined leaves it to what the file is. */
  readonly pack: string | undefined;
  /** Path of a forecast whose futures are made again. */
  readonly again: string | undefined;
  /** How many times as fine the cells are that futures are written on. */
  readonly cells: number;
  /** Whether a photo's camera is let go. */
  readonly camera: "held" | "free";
  readonly threads: number | undefined;
}

/** null: help was asked for. @throws ForetrackError naming the flag that is wrong. */
export function readForecastSettings(args: readonly string[]): ForecastSettings | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  if (positionals.length === 0 || !values.out) {
    throw new ForetrackError("Give a clip and an --out folder.", FORECAST_USAGE);
  }
  return {
    clips: distinctNames(positionals),
    out: values.out,
    nowSecs: values.now === undefined ? undefined : number("--now", values.now, 0),
    rate:
      values.fps === undefined || values.fps === "native"
        ? values.fps
        : number("--fps", values.fps, Number.MIN_VALUE),
    pictureRate:
      values.pictures === undefined
        ? undefined
        : number("--pictures", values.pictures, Number.MIN_VALUE),
    fit: oneOf("--fit", values.fit, ["cover", "letterbox"]),
    futures: whole("--futures", values.futures, 1, 64),
    seed: whole("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER - 64),
    solver:
      values.solver === undefined ? undefined : oneOf("--solver", values.solver, SOLVER_NAMES),
    steps: values.steps === undefined ? undefined : whole("--steps", values.steps, 1, 1000),
    timeShift:
      values["time-shift"] === undefined
        ? undefined
        : number("--time-shift", values["time-shift"], Number.MIN_VALUE),
    source:
      values.source === undefined
        ? undefined
        : oneOf("--source", values.source, ["released", "paper"]),
    text: values.text,
    edits: values.edits,
    pack: values.pack,
    again: values.again,
    cells: Number(oneOf("--cells", values.cells, ["1", "2", "4"])),
    camera: oneOf("--camera", values.camera, ["held", "free"]),
    threads: values.threads === undefined ? undefined : whole("--threads", values.threads, 1, 64),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: "string" },
        now: { type: "string" },
        fps: { type: "string" },
        pictures: { type: "string" },
        fit: { type: "string", default: "cover" },
        futures: { type: "string", default: "8" },
        seed: { type: "string", default: "1" },
        solver: { type: "string" },
        steps: { type: "string" },
        "time-shift": { type: "string" },
        source: { type: "string" },
        text: { type: "string" },
        edits: { type: "string" },
        pack: { type: "string" },
        again: { type: "string" },
        cells: { type: "string", default: "1" },
        camera: { type: "string", default: "held" },
        threads: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const told = error instanceof Error ? error.message : "";
    throw new ForetrackError(firstSentence(told), FORECAST_USAGE);
  }
}

function number(name: string, text: string, least: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  throw new ForetrackError(
    `${name} ${text} is not a number from ${least > 0 ? "above 0" : "0"}.`,
    FORECAST_USAGE,
  );
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ForetrackError(
    `${name} ${text} is not a whole number from ${least} to ${most}.`,
    FORECAST_USAGE,
  );
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((value) => value === text);
  if (choice !== undefined) return choice;
  throw new ForetrackError(`${name} ${text} is not one of ${choices.join(", ")}.`, FORECAST_USAGE);
}
