import type { Solver } from "./solver.ts";

/** Order 1; states stay where they are. */
export const euler: Solver = {
  name: "euler",
  label: "Euler",
  description: "One evaluation a step",
  evaluationsPerStep: 1,
  begin: (field) => (state, t, h) => field.advance(state, t, h),
};
