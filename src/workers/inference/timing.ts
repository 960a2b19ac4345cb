import type { Goldens } from "../../domain/pack/goldens.ts";
import type { GraphRunner, GraphTensor } from "../../engine/models/graph-runner.ts";
import { goldenInput } from "../../engine/models/self-test.ts";

/** Seconds of one velocity evaluation of one future, result read back; 0 without goldens. */
export async function velocitySecs(runner: GraphRunner, goldens: Goldens | null): Promise<number> {
  const golden = goldens?.velocity;
  if (!golden) return 0;
  const inputs: Record<string, GraphTensor> = {};
  for (const [name, formula] of Object.entries(golden.inputs)) {
    inputs[name] = runner.upload(formula.dims, goldenInput(formula));
  }
  try {
    const started = performance.now();
    const { velocity } = await runner.run("velocity", inputs, ["velocity"]);
    await runner.read(velocity);
    runner.release(velocity);
    return (performance.now() - started) / 1000;
  } finally {
    for (const tensor of Object.values(inputs)) runner.release(tensor);
  }
}
