import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Constraints } from "../domain/constraints.ts";
import type { Future } from "../domain/forecast.ts";
import type { Forecaster } from "../domain/ports.ts";
import { openNodeForecaster } from "./node-model/forecaster.ts";
import { findPack } from "./node-model/pack.ts";
import { loadCases, type SteeringCase } from "./steering/cases.ts";
import { PIN_SETS } from "./steering/pin-sets.ts";
import { score } from "./steering/scores.ts";
import { type Scored, steeringTables } from "./steering/table.ts";
import { baselines, type Sampled, WAYS } from "./steering/ways.ts";

const USAGE = `npm run steering -- --clips CLIPS --tracks TRACKS [options]
How futures obey pins, and how well the points without one follow, on clips never trained on: true
positions of some points are given, and every way to obey them is scored on the others.

  --clips DIR    manifest.csv and truth/<clip>.npz
  --tracks DIR   histories of npm run tracks, one a clip
  --rate 16|native|N, --futures N (default 8), --steps N (default 1)
  --every N      only every N-th clip
  --pack ID|PATH (default compact), --sets NAME,NAME, --out FILE.json (all scores)`;

const values = readFlags();
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
if (!values.clips || !values.tracks) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}

const seeds = Array.from({ length: Number(values.futures) }, (_, k) => 1 + k);
const cases = loadCases(values.clips, values.tracks, values.rate).filter(
  (_, i) => i % Number(values.every) === 0,
);
const sets = Object.entries(PIN_SETS).filter(
  ([name]) => !values.sets || values.sets.split(",").includes(name),
);
const model = await openNodeForecaster(await findPack(values.pack));
const results = new Map<string, Map<string, Scored[]>>();

for (const [index, one] of cases.entries()) {
  process.stderr.write(`${index + 1} of ${cases.length}: ${one.clip}\n`);
  const sampled = await sample(model, one);
  const xyN2 = one.history.tracksTN2.slice(-2 * one.history.pointCount);
  for (const [name, make] of sets) {
    const set = make(one.truth, xyN2, 1 + index);
    if (!set) continue;
    for (const way of WAYS) {
      const made = await way.run(sampled, set.constraints);
      if (!made) continue;
      const scores = score(made.futures, made.free, one.truth, set, xyN2);
      const ways = results.get(name) ?? new Map<string, Scored[]>();
      results.set(name, ways);
      ways.set(way.name, [...(ways.get(way.name) ?? []), { source: one.source, scores }]);
    }
  }
}
await model.dispose();
process.stdout.write(`${steeringTables(results)}\n`);
if (values.out) {
  const all = Object.fromEntries(
    [...results].map(([set, ways]) => [set, Object.fromEntries(ways)]),
  );
  await writeFile(values.out, `${JSON.stringify(all)}\n`);
}
process.exit(0);

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

function readFlags() {
  try {
    return parseArgs({
      options: {
        clips: { type: "string" },
        tracks: { type: "string" },
        rate: { type: "string", default: "16" },
        futures: { type: "string", default: "8" },
        steps: { type: "string", default: "1" },
        every: { type: "string", default: "1" },
        pack: { type: "string", default: "compact" },
        sets: { type: "string" },
        out: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
    process.exit(2);
  }
}
