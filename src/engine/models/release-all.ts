import type { GraphRunner, GraphTensor } from "./graph-runner.ts";

export function releaseAll(
  runner: GraphRunner,
  tensors: Readonly<Record<string, GraphTensor>>,
): void {
  for (const tensor of Object.values(tensors)) runner.release(tensor);
}
