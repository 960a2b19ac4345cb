import { addScaled, type Solver } from "./solver.ts";

/** Two-step Adams–Bashforth, order 2, for steps of any lengths; its first step is Euler's. */
export const ab2: Solver = {
  name: "ab2",
  label: "AB2",
  description: "Second order, one evaluation a step",
  evaluationsPerStep: 1,
  begin(field) {
    let before: { readonly velocity: Float32Array; readonly h: number } | null = null;
    return async (state, t, h) => {
      const velocity = await field.velocity(state, t);
      const last = before;
      before = { velocity, h };
      if (!last) return addScaled(field, state, velocity, h);
      const ratio = h / last.h;
      const direction = velocity.map((v, i) => v + 0.5 * ratio * (v - last.velocity[i]));
      return addScaled(field, state, direction, h);
    };
  },
};
