import type { FileFieldRequest } from "../../domain/imported-space.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { ReliefEstimator } from "../../domain/ports.ts";
import type {
  LiftRequest,
  ReliefAnswer,
  ReliefRequest,
  SpaceField,
} from "../../domain/space-field.ts";
import { MOVING, STATIC } from "../../domain/space-field.ts";
import { estimateSpace } from "./estimate.ts";
import { fieldFromFile } from "./from-file.ts";
import { fieldOfCameras } from "./given-cameras.ts";
import { curvesOf, liftFuture } from "./lift.ts";
import { reliefOf } from "./surface.ts";

/** Cameras, relief and curves from tracks, in this thread. */
export const reliefEstimator: ReliefEstimator = {
  async estimate(request: ReliefRequest, job?: Job): Promise<ReliefAnswer> {
    const { tracks, anchorFrame, size, columns, rows, guess, textureN } = request;
    const found = request.cameras
      ? fieldOfCameras({ tracks, anchorFrame }, size, request.cameras, job)
      : estimateSpace(
          { ...{ tracks, anchorFrame }, ...(textureN && { textureN }) },
          size,
          { guess },
          job,
        );
    const { pointCount, tracksTN2 } = tracks;
    const queryXyN2 = tracksTN2.slice(
      2 * anchorFrame * pointCount,
      2 * (anchorFrame + 1) * pointCount,
    );
    const relief = reliefOf(found, queryXyN2, size, columns, rows);
    const field = relief ? withSurround(found, queryXyN2) : found;
    throwIfCancelled(job);
    const curves = field.cameras
      ? curvesOf(tracks, anchorFrame, field.cameras, field, guess?.path?.wayNK3)
      : null;
    return { field, relief, curves };
  },

  async fromFile(request: FileFieldRequest, job?: Job): Promise<ReliefAnswer> {
    return fieldFromFile(request, job);
  },

  async lift({ futures, ...from }: LiftRequest, job?: Job) {
    return futures.map((future, i) => {
      throwIfCancelled(job);
      job?.onProgress?.({ stage: "Futures in space", done: i, total: futures.length });
      return liftFuture(from, future);
    });
  },
};

/** Movers as deep as the still point next to them: an assumption, for their own depth cannot be told. */
export function withSurround(field: SpaceField, queryXyN2: Float32Array): SpaceField {
  const { stateN } = field;
  const inverseDepthN = field.inverseDepthN.slice();
  const still = [...stateN.keys()].filter((n) => stateN[n] === STATIC);
  for (let n = 0; n < stateN.length; n++) {
    if (stateN[n] !== MOVING) continue;
    let nearest = Infinity;
    for (const other of still) {
      const dx = queryXyN2[2 * other] - queryXyN2[2 * n];
      // What stands on the ground is as deep as what lies below it.
      const dy = queryXyN2[2 * other + 1] - queryXyN2[2 * n + 1];
      const distance = Math.hypot(dx, dy < 0 ? 2 * dy : dy);
      if (distance >= nearest) continue;
      nearest = distance;
      inverseDepthN[n] = field.inverseDepthN[other];
    }
  }
  return { ...field, inverseDepthN };
}
