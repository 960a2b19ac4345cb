import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { Goldens } from "../../domain/pack/goldens.ts";
import type { GraphRunner, GraphTensor } from "./graph-runner.ts";

export interface SelfTestResult {
  readonly ok: boolean;
  /** Largest difference in units of its tolerance: at most 1 when all is right. */
  readonly worst: number;
  /** Where the largest difference is: `role.output`. */
  readonly where: string;
}

/** Progress: stage `self-test`, in graphs. Runs every graph on the pack's golden inputs and compares the outputs with the golden values. */
export async function selfTest(
  runner: GraphRunner,
  goldens: Goldens,
  job?: Job,
): Promise<SelfTestResult> {
  let worst = 0;
  let where = "";
  const roles = Object.entries(goldens);
  for (const [done, [role, golden]] of roles.entries()) {
    throwIfCancelled(job);
    job?.onProgress?.({ stage: "self-test", done, total: roles.length });
    const inputs: Record<string, GraphTensor> = {};
    let outputs: Record<string, GraphTensor> = {};
    try {
      for (const [name, formula] of Object.entries(golden.inputs)) {
        inputs[name] = runner.upload(formula.dims, goldenInput(formula));
      }
      outputs = await runner.run(role, inputs, Object.keys(golden.outputs));
      for (const [name, expected] of Object.entries(golden.outputs)) {
        const values = await runner.read(outputs[name]);
        const differs = outputs[name].dims.some((size, i) => size !== expected.dims[i]);
        const ratio = differs ? Number.POSITIVE_INFINITY : largestRatio(values, expected);
        if (ratio > worst || where === "") {
          worst = ratio;
          where = `${role}.${name}`;
        }
      }
    } finally {
      for (const tensor of [...Object.values(inputs), ...Object.values(outputs)]) {
        runner.release(tensor);
      }
    }
  }
  return { ok: worst <= 1, worst, where };
}

function largestRatio(values: Float32Array, expected: Goldens[string]["outputs"][string]): number {
  let largest = 0;
  expected.indices.forEach((index, i) => {
    const ratio = Math.abs(values[index] - expected.values[i]) / expected.tolerance;
    // NaN compares as false everywhere: it must not pass for right.
    largest = Number.isFinite(ratio) ? Math.max(largest, ratio) : Number.POSITIVE_INFINITY;
  });
  return largest;
}

/** Value i is offset + amplitude·sin(frequency·i), computed in double precision. */
export function goldenInput(formula: Goldens[string]["inputs"][string]): Float32Array {
  const { dims, amplitude, frequency, offset } = formula;
  const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
  for (let i = 0; i < values.length; i++) values[i] = offset + amplitude * Math.sin(frequency * i);
  return values;
}
