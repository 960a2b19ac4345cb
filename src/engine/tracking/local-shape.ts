import type { TrackState } from "./state.ts";
import type { StepBuffers, StepResult } from "./step.ts";

/** Misfit at which a neighbour counts half as moving with the point, px. */
const HALF_AFFINITY = 6;
/** Weight of the previous shape, in neighbours at one cell's distance. */
const INERTIA = 1.5;
const CELL_SQUARED = 32 * 32;

/**
 * Estimates how the surroundings of each point are stretched, turned and sheared against frame 0
 * (least squares over its neighbours, drawn to the previous shape), and which neighbours move
 * along with it. Long spans compare patches through this shape.
 */
export function refreshShape(state: TrackState, b: StepBuffers, step: StepResult, t: number): void {
  const { queryN2 } = state;
  const n = queryN2.length / 2;
  const { neighboursNK, affinityNK } = b;
  const k = neighboursNK.length / n;
  const before = state.shapeN4[t - 1];
  const shape = state.shapeN4[t];
  const to = step.toN2;
  for (let i = 0; i < n; i++) {
    const a0 = before[4 * i];
    const a1 = before[4 * i + 1];
    const a2 = before[4 * i + 2];
    const a3 = before[4 * i + 3];
    const isSeen = state.trustN[i] === 1;
    const px = isSeen ? to[2 * i] : step.predictedN2[2 * i];
    const py = isSeen ? to[2 * i + 1] : step.predictedN2[2 * i + 1];
    const ridge = INERTIA * CELL_SQUARED;
    let xx = ridge;
    let xy = 0;
    let yy = ridge;
    let ux = ridge * a0;
    let uy = ridge * a1;
    let vx = ridge * a2;
    let vy = ridge * a3;
    for (let m = i * k; m < (i + 1) * k; m++) {
      const j = neighboursNK[m];
      if (state.trustN[j] !== 1) continue;
      const qx = queryN2[2 * j] - queryN2[2 * i];
      const qy = queryN2[2 * j + 1] - queryN2[2 * i + 1];
      const dx = to[2 * j] - px;
      const dy = to[2 * j + 1] - py;
      const ex = dx - (a0 * qx + a1 * qy);
      const ey = dy - (a2 * qx + a3 * qy);
      const affinity = 1 / (1 + (ex * ex + ey * ey) / (HALF_AFFINITY * HALF_AFFINITY));
      if (isSeen) affinityNK[m] += 0.5 * (affinity - affinityNK[m]);
      // Squared once more: a shape is spoilt by one neighbour of another surface.
      const w = affinity * affinityNK[m] * trustOf(step, j);
      xx += w * qx * qx;
      xy += w * qx * qy;
      yy += w * qy * qy;
      ux += w * dx * qx;
      uy += w * dx * qy;
      vx += w * dy * qx;
      vy += w * dy * qy;
    }
    const det = xx * yy - xy * xy;
    shape[4 * i] = (yy * ux - xy * uy) / det;
    shape[4 * i + 1] = (xx * uy - xy * ux) / det;
    shape[4 * i + 2] = (yy * vx - xy * vy) / det;
    shape[4 * i + 3] = (xx * vy - xy * vx) / det;
  }
}

function trustOf(step: StepResult, j: number): number {
  return step.textureN[j] / (step.textureN[j] + 4) / (1 + step.roundTripN[j] ** 2);
}
