import { ab2 } from "./ab2.ts";
import { euler } from "./euler.ts";
import { heun } from "./heun.ts";
import type { Solver } from "./solver.ts";

/** Every solver. Manifests, documents, flags and the user interface offer what is here. */
export const SOLVERS: readonly Solver[] = [euler, heun, ab2];

export const SOLVER_NAMES: readonly string[] = SOLVERS.map(({ name }) => name);

/** @throws RangeError for a name that is not in the list. */
export function solverNamed(name: string): Solver {
  const solver = SOLVERS.find((known) => known.name === name);
  if (solver) return solver;
  throw new RangeError(`there is no solver ${name}, only ${SOLVER_NAMES.join(", ")}`);
}
