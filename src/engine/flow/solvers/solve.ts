import type { SamplerSettings } from "../../../domain/forecast.ts";

/**
 * A field dz/dt = velocity(z, t) whose states may live elsewhere (on the GPU). Who receives a state
 * releases it; `solve` does so for every state that it makes.
 */
export interface FlowField<State> {
  /** z + step·velocity(z, flowTime), without reading anything back. */
  advance(state: State, flowTime: number, step: number): Promise<State>;
  velocity(state: State, flowTime: number): Promise<Float32Array>;
  read(state: State): Promise<Float32Array>;
  /** A new state of the same shape as `like`. */
  write(values: Float32Array, like: State): State;
  release(state: State): void;
}

export interface SolveHooks {
  /** Called before each evaluation of the field; throwing ends the solve. */
  readonly beforeEvaluation?: () => void;
}

/** Evaluations of the field that one solve takes. */
export function evaluationCount({ solver, steps }: SamplerSettings): number {
  return solver === "heun" ? 2 * steps : steps;
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
 * - `euler`: order 1; states stay where they are.
 * - `heun`: explicit trapezoid, order 2, two evaluations a step.
 * - `ab2`: two-step Adams–Bashforth, order 2, one evaluation a step; its first step is Euler's.
 */
export async function solve<State>(
  field: FlowField<State>,
  initial: State,
  sampler: SamplerSettings,
  hooks: SolveHooks = {},
): Promise<State> {
  const { solver, steps, timeShift = 1 } = sampler;
  if (!(Number.isInteger(steps) && steps > 0 && timeShift > 0)) {
    field.release(initial);
    throw new RangeError(
      `a sampler takes a positive number of steps and shift, not ${steps} and ${timeShift}`,
    );
  }
  const times = flowTimes(sampler);
  let state = initial;
  try {
    let previous: Float32Array | null = null;
    for (let i = 0; i < steps; i++) {
      const t = times[i];
      const h = times[i + 1] - t;
      hooks.beforeEvaluation?.();
      let next: State;
      if (solver === "euler") {
        next = await field.advance(state, t, h);
      } else {
        const velocity: Float32Array = await field.velocity(state, t);
        next =
          solver === "heun"
            ? await heunStep(field, state, velocity, t, h, hooks)
            : await addScaled(
                field,
                state,
                abDirection(velocity, previous, stepRatio(times, i)),
                h,
              );
        previous = velocity;
      }
      field.release(state);
      state = next;
    }
    return state;
  } catch (error) {
    field.release(state);
    throw error;
  }
}

async function heunStep<State>(
  field: FlowField<State>,
  state: State,
  velocity: Float32Array,
  t: number,
  h: number,
  hooks: SolveHooks,
): Promise<State> {
  const ahead = await addScaled(field, state, velocity, h);
  try {
    hooks.beforeEvaluation?.();
    const end = await field.velocity(ahead, t + h);
    const mean = end.map((v, i) => 0.5 * (v + velocity[i]));
    return await addScaled(field, state, mean, h);
  } finally {
    field.release(ahead);
  }
}

/** This step's length over the one before. */
function stepRatio(times: readonly number[], i: number): number {
  return i === 0 ? 1 : (times[i + 1] - times[i]) / (times[i] - times[i - 1]);
}

function abDirection(
  velocity: Float32Array,
  previous: Float32Array | null,
  ratio: number,
): Float32Array {
  return previous ? velocity.map((v, i) => v + 0.5 * ratio * (v - previous[i])) : velocity;
}

async function addScaled<State>(
  field: FlowField<State>,
  state: State,
  direction: Float32Array,
  step: number,
): Promise<State> {
  const values = await field.read(state);
  return field.write(
    values.map((z, i) => z + step * direction[i]),
    state,
  );
}
