import type { z } from "zod";
import { SOLVER_NAMES } from "./solvers/list.ts";

/** `schema`, which also refuses a default sampler whose solver is not in the list. */
export function withKnownSolver<T extends { readonly defaultSampler: { readonly solver: string } }>(
  schema: z.ZodType<T>,
): z.ZodType<T> {
  return schema.refine(({ defaultSampler }) => SOLVER_NAMES.includes(defaultSampler.solver), {
    message: `Invalid option: expected one of ${SOLVER_NAMES.join("|")}`,
    path: ["defaultSampler", "solver"],
  });
}
