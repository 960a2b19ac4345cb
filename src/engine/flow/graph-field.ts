import type { GraphRunner, GraphTensor } from "../models/graph-runner.ts";
import type { FlowField } from "./solvers/solver.ts";

/**
 * The flow of a pack's `velocity` graph: latent, flow_time [1], step [1] and `conditions` →
 * velocity, next_latent = latent + step·velocity. Latents stay where the runner keeps them.
 */
export function graphField(
  runner: GraphRunner,
  conditions: Readonly<Record<string, GraphTensor>>,
): FlowField<GraphTensor> {
  const evaluate = async (latent: GraphTensor, flowTime: number, step: number, wanted: string) => {
    const time = runner.upload([1], Float32Array.of(flowTime));
    const size = runner.upload([1], Float32Array.of(step));
    try {
      const feeds = { ...conditions, latent, flow_time: time, step: size };
      return (await runner.run("velocity", feeds, [wanted]))[wanted];
    } finally {
      runner.release(time);
      runner.release(size);
    }
  };
  return {
    advance: (latent, flowTime, step) => evaluate(latent, flowTime, step, "next_latent"),
    async velocity(latent, flowTime) {
      const velocity = await evaluate(latent, flowTime, 0, "velocity");
      try {
        return await runner.read(velocity);
      } finally {
        runner.release(velocity);
      }
    },
    read: (latent) => runner.read(latent),
    write: (values, like) => runner.upload(like.dims, values),
    release: (latent) => runner.release(latent),
  };
}
