import * as ort from "onnxruntime-web";
import type { Goldens } from "../../domain/pack/goldens.ts";
import { goldenInput } from "../../engine/models/self-test.ts";
import { createOrtRunner, type OrtRunner } from "../../workers/inference/ort-runner.ts";
import { loadPack } from "../../workers/pack/load.ts";
import { findPack } from "../node-model/pack.ts";
import { type Cost, costOf, medianCost } from "./measure.ts";

/**
 * `model-child.ts PACK THREADS REPEATS BATCH` prints the cost of one run of every graph, and of
 * `velocity` with BATCH futures under "velocity×BATCH". A process of its own, because the thread
 * count of onnxruntime-web is fixed by its first session.
 */
const [pack = "compact", threads = "1", repeats = "3", batch = "4"] = process.argv.slice(2);
/**
 * The engine compiles hot WebAssembly again, better, while it runs, and in the background: until it
 * has done so, the processor's time holds the compiler's.
 */
const WARM_UP_MILLIS = 1500;

ort.env.wasm.numThreads = Number(threads);
const { manifest, files, goldens } = await loadPack(await findPack(pack));
if (!goldens) throw new Error(`the pack ${pack} has no golden inputs`);
const runner = await createOrtRunner(ort, manifest, files, { provider: "wasm", batch: 1 });
const costs: Record<string, Cost> = {};
for (const [role, golden] of Object.entries(goldens)) {
  costs[role] = await timeGraph(runner, role, golden, 1);
}
const many = Number(batch);
costs[`velocity×${many}`] = await timeGraph(runner, "velocity", goldens.velocity, many);
await runner.dispose();
process.stdout.write(JSON.stringify(costs));
// Its threads would keep the process alive.
process.exit(0);

async function timeGraph(
  runner: OrtRunner,
  role: string,
  golden: Goldens[string],
  futures: number,
): Promise<Cost> {
  const shapes = new Map(manifest.graphs[role].inputs.map(({ name, shape }) => [name, shape]));
  const inputs = Object.fromEntries(
    Object.entries(golden.inputs).map(([name, formula]) => {
      const batched = typeof shapes.get(name)?.[0] === "string";
      const dims = batched ? [futures, ...formula.dims.slice(1)] : formula.dims;
      return [name, runner.upload(dims, goldenInput({ ...formula, dims }))];
    }),
  );
  const outputs = Object.keys(golden.outputs);
  const once = async () => {
    const results = await runner.run(role, inputs, outputs);
    for (const tensor of Object.values(results)) runner.release(tensor);
  };
  const warm = performance.now() + WARM_UP_MILLIS;
  while (performance.now() < warm) await once();
  const measured: Cost[] = [];
  for (let i = 0; i < Number(repeats); i++) measured.push(await costOf(once));
  for (const tensor of Object.values(inputs)) runner.release(tensor);
  return medianCost(measured);
}
