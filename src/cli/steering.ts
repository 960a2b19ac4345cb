import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Constraints } from "../domain/constraints.ts";
import type { Future } from "../domain/forecast.ts";
import type { Forecaster } from "../domain/ports.ts";
import { openNodeForecaster } from "./node-model/forecaster.ts";
import { findPack } from "./node-model/pack.ts";
import { readFlags } from "./read-flags.ts";
import { loadCases, type SteeringCase } from "./steering/cases.ts";
import { PIN_SETS } from "./steering/pin-sets.ts";
import { score } from "./steering/scores.ts";
import { type Scored, steeringTables } from "./steering/table.ts";
import { baselines, type Sampled, WAYS } from "./steering/ways.ts";

const USAGE = `npm run steering -- --clips CLIPS --tracks TRACKS [options]
How futures obey pins, and how well the points without one follow, on clips never trained on: true
positions of some points are given, and every way to obey them is scored on the others.

  --clips DIR    manifest.csv and truth/<clip>.npz; --truth DIR has the latter in another folder
  --split NAME   of the manifest (default validation)
  --tracks DIR   histories of npm run tracks, one a clip
  --rate 16|native|N, --futures N (default 8), --steps N (default 1)
  --hinted SETS  the sets in which the model's own constraint channel is tried, too, which takes most
                 of the time: "spread 1,spread 4,drag" (default), or none
  --every N      only every N-th clip
  --part K/N     only the K-th of N shares of the clips, for several processes; with --scores
  --scores DIR   keeps each clip's scores there, and makes only those that it lacks: a run that was
                 ended goes on, and the last one of several prints the table of all. One folder for
                 one choice of futures, steps, pack and sets
  --pack ID|PATH (default compact), --sets NAME,NAME, --out FILE.json (all scores)`;

const { values } = readFlags(USAGE, {
  options: {
    clips: { type: "string" },
    tracks: { type: "string" },
    truth: { type: "string" },
    split: { type: "string", default: "validation" },
    rate: { type: "string", default: "16" },
    futures: { type: "string", default: "8" },
    steps: { type: "string", default: "1" },
    every: { type: "string", default: "1" },
    part: { type: "string" },
    scores: { type: "string" },
    pack: { type: "string", default: "compact" },
    sets: { type: "string" },
    hinted: { type: "string", default: "spread 1,spread 4,drag" },
    out: { type: "string" },
  },
});
if (!values.clips || !values.tracks) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}

const seeds = Array.from({ length: Number(values.futures) }, (_, k) => 1 + k);
// The pins of a clip are the same however few others are looked at.
const { clips, tracks, split, truth = join(clips, "truth") } = values;
const cases = loadCases({ clips, tracks, split, truths: truth }, values.rate)
  .map((one, index) => ({ one, pinSeed: 1 + index }))
  .filter((_, i) => i % Number(values.every) === 0);
const [part, parts] = (values.part ?? "1/1").split("/").map(Number);
const sets = Object.entries(PIN_SETS).filter(
  ([name]) => !values.sets || values.sets.split(",").includes(name),
);
let model = null as Forecaster | null;
const scored: CaseScores[] = [];

for (const [index, { one, pinSeed }] of cases.entries()) {
  const file = values.scores && join(values.scores, `${one.clip}__${values.rate}.json`);
  const kept = file ? await readScores(file) : null;
  if (!kept && index % parts !== part - 1) continue;
  process.stderr.write(`${index + 1} of ${cases.length}: ${one.clip}${kept ? ", kept" : ""}\n`);
  const scores = kept ?? (await scoreCase(await opened(), one, pinSeed));
  scored.push(scores);
  if (file && !kept) await writeScores(file, scores);
}
await model?.dispose();
const results = tableOf(scored);
process.stdout.write(`${steeringTables(results)}\n`);
if (values.out) {
  const all = Object.fromEntries(
    [...results].map(([set, ways]) => [set, Object.fromEntries(ways)]),
  );
  await writeFile(values.out, `${JSON.stringify(all)}\n`);
}
process.exit(0);

async function opened(): Promise<Forecaster> {
  model ??= await openNodeForecaster(await findPack(values.pack));
  return model;
}

/** What every way makes of every set of one case. */
type CaseScores = readonly (Scored & { readonly set: string; readonly way: string })[];

async function scoreCase(
  forecaster: Forecaster,
  one: SteeringCase,
  pinSeed: number,
): Promise<CaseScores> {
  const drawn = await sample(forecaster, one);
  const hintedSets = values.hinted.split(",");
  const xyN2 = one.history.tracksTN2.slice(-2 * one.history.pointCount);
  const all: CaseScores[number][] = [];
  for (const [set, make] of sets) {
    const pins = make(one.truth, xyN2, pinSeed);
    if (!pins) continue;
    const sampled = hintedSets.includes(set) ? drawn : { ...drawn, hinted: null };
    for (const way of WAYS) {
      const made = await way.run(sampled, pins.constraints);
      if (!made) continue;
      const scores = score(made.futures, made.free, one.truth, pins, xyN2);
      all.push({ set, way: way.name, source: one.source, scores });
    }
  }
  return all;
}

/** Null where there is none yet. JSON has no NaN, which means that there was nothing to score. */
async function readScores(file: string): Promise<CaseScores | null> {
  try {
    return JSON.parse(await readFile(file, "utf8"), (_, value) => value ?? Number.NaN);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function writeScores(file: string, scores: CaseScores): Promise<void> {
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(`${file}.part`, JSON.stringify(scores));
  await rename(`${file}.part`, file);
}

function tableOf(cases: readonly CaseScores[]): Map<string, Map<string, Scored[]>> {
  const results = new Map<string, Map<string, Scored[]>>();
  for (const { set, way, source, scores } of cases.flat()) {
    const ways = results.get(set) ?? new Map<string, Scored[]>();
    results.set(set, ways);
    ways.set(way, [...(ways.get(way) ?? []), { source, scores }]);
  }
  return results;
}

async function sample(forecaster: Forecaster, one: SteeringCase): Promise<Sampled> {
  const solver = forecaster.manifest.offers.sampler?.defaults.solver ?? "euler";
  const draw = async (constraints?: Constraints) => {
    const futures: Future[] = [];
    await forecaster.forecast(
      {
        inputs: { history: one.history, frame_interval: one.frameIntervalSecs },
        seeds,
        sampler: { solver, steps: Number(values.steps) },
        ...(constraints ? { constraints, obeyBy: "model" as const } : {}),
      },
      (future) => futures.push(future),
    );
    return futures;
  };
  return {
    history: one.history,
    model: await draw(),
    ...baselines(one.history, seeds),
    hinted: forecaster.manifest.offers.constraints ? draw : null,
  };
}
