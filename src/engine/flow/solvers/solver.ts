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

/** One step of length `h` from flow time `t`: a new state. Leaves `state` alone. */
export type SolverStep<State> = (state: State, t: number, h: number) => Promise<State>;

/** A way to integrate a field. One file a solver; `list.ts` makes it exist everywhere. */
export interface Solver {
  /** As manifests, documents and flags write it. */
  readonly name: string;
  /** For people. */
  readonly label: string;
  readonly description: string;
  readonly evaluationsPerStep: number;
  /** The steps of one solve, in order; what they remember of each other lives no longer. */
  begin<State>(field: FlowField<State>): SolverStep<State>;
}

/** state + step·direction as a new state. */
export async function addScaled<State>(
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
