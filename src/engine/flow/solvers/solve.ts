import type { SamplerSettings } from "../../../domain/forecast.ts";
import { solverNamed } from "./list.ts";
import type { FlowField } from "./solver.ts";

export interface SolveHooks {
  /** Called before each evaluation of the field; throwing ends the solve. */
  readonly beforeEvaluation?: () => void;
}

/** Evaluations of the field that one solve takes. */
export function evaluationCount({ solver, steps }: SamplerSettings): number {
  return solverNamed(solver).evaluationsPerStep * steps;
}

/**
 * Flow times 0 … 1 at which the steps begin and end, [steps+1]. With shift s the noise level
 * σ = 1−t of an equal step becomes sσ/(1+(s−1)σ).
 */
export function flowTimes({ steps, timeShift = 1 }: SamplerSettings): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    return timeShift === 1 ? t : t / (t + timeShift * (1 - t));
  });
}

/**
 * Integrates from flow time 0 to 1 over `flowTimes`. Takes over `initial` and releases it.
 * Rejects with RangeError for settings that no solver takes.
 */
export async function solve<State>(
  field: FlowField<State>,
  initial: State,
  sampler: SamplerSettings,
  hooks: SolveHooks = {},
): Promise<State> {
  let state = initial;
  try {
    const step = begin(field, sampler, hooks);
    const times = flowTimes(sampler);
    for (let i = 0; i < sampler.steps; i++) {
      const next = await step(state, times[i], times[i + 1] - times[i]);
      field.release(state);
      state = next;
    }
    return state;
  } catch (error) {
    field.release(state);
    throw error;
  }
}

function begin<State>(
  field: FlowField<State>,
  { solver, steps, timeShift = 1 }: SamplerSettings,
  { beforeEvaluation }: SolveHooks,
) {
  if (!(Number.isInteger(steps) && steps > 0 && timeShift > 0)) {
    throw new RangeError(
      `a sampler takes a positive number of steps and shift, not ${steps} and ${timeShift}`,
    );
  }
  return solverNamed(solver).begin({
    ...field,
    async advance(state, flowTime, length) {
      beforeEvaluation?.();
      return field.advance(state, flowTime, length);
    },
    async velocity(state, flowTime) {
      beforeEvaluation?.();
      return field.velocity(state, flowTime);
    },
  });
}
