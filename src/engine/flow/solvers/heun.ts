import { addScaled, type Solver } from "./solver.ts";

/** Explicit trapezoid, order 2. */
export const heun: Solver = {
  name: "heun",
  label: "Heun",
  description: "Second order, two evaluations a step",
  evaluationsPerStep: 2,
  begin: (field) => async (state, t, h) => {
    const start = await field.velocity(state, t);
    const ahead = await addScaled(field, state, start, h);
    try {
      const end = await field.velocity(ahead, t + h);
      const mean = end.map((v, i) => 0.5 * (v + start[i]));
      return await addScaled(field, state, mean, h);
    } finally {
      field.release(ahead);
    }
  },
};
