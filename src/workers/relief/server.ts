import type { ReliefEstimator } from "../../domain/ports.ts";
import type { Handlers } from "../channel/server.ts";
import type { ReliefOperations } from "./protocol.ts";

export function reliefHandlers(estimator: ReliefEstimator): Handlers<ReliefOperations> {
  return {
    estimate: (request, { job }) => estimator.estimate(request, job),
    fromFile: (request, { job }) => estimator.fromFile(request, job),
    lift: (request, { job }) => estimator.lift(request, job),
  };
}
