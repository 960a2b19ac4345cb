import { CELL } from "../../domain/grid.ts";
import type { Tracks } from "../../domain/tracks.ts";

/**
 * Smoothness of motion over the grid, as in the TrajLoom benchmark. Flow is p[t+1] − p[t], valid
 * where both ends are visible; differences between grid neighbours are divided by the cell size, 32.
 * Neither looks at the truth: a frozen forecast scores a perfect 0, so they are shown as ratios to
 * the truth's own value.
 */
interface GridFlow {
  readonly rows: number;
  readonly columns: number;
  /** [rows·columns,2] px a frame, divided by the cell size. */
  readonly flowN2: Float64Array;
  readonly validN: Uint8Array;
}

/**
 * FlowSmoothTV of one video: mean over t of mean(|∂x u|+|∂x v|) + mean(|∂y u|+|∂y v|) by forward
 * differences over pairs of valid neighbours.
 */
export function flowSmoothTv(tracks: Tracks, rows: number): number {
  return meanOverTime(tracks, rows, (flow) => {
    const { columns } = flow;
    const alongX = meanStep(flow, 1, (n) => (n + 1) % columns !== 0);
    const alongY = meanStep(flow, columns, (n) => n + columns < rows * columns);
    return alongX + alongY;
  });
}

/**
 * DivCurlEnergy of one video: mean over t and cells of (∂x u+∂y v)² + (∂x v−∂y u)², forward
 * differences, over cells whose corner, right and lower neighbours are valid.
 */
export function divCurlEnergy(tracks: Tracks, rows: number): number {
  return meanOverTime(tracks, rows, ({ columns, flowN2, validN }) => {
    let sum = 0;
    let count = 0;
    for (let row = 0; row < rows - 1; row++) {
      for (let column = 0; column < columns - 1; column++) {
        const n = row * columns + column;
        const right = n + 1;
        const below = n + columns;
        if (!validN[n] || !validN[right] || !validN[below]) continue;
        const dxU = flowN2[2 * right] - flowN2[2 * n];
        const dxV = flowN2[2 * right + 1] - flowN2[2 * n + 1];
        const dyU = flowN2[2 * below] - flowN2[2 * n];
        const dyV = flowN2[2 * below + 1] - flowN2[2 * n + 1];
        sum += (dxU + dyV) ** 2 + (dxV - dyU) ** 2;
        count++;
      }
    }
    return sum / Math.max(1, count);
  });
}

function meanStep(flow: GridFlow, stride: number, hasNext: (n: number) => boolean): number {
  const { flowN2, validN } = flow;
  let sum = 0;
  let count = 0;
  for (let n = 0; n < validN.length; n++) {
    if (!hasNext(n) || !validN[n] || !validN[n + stride]) continue;
    sum += Math.abs(flowN2[2 * (n + stride)] - flowN2[2 * n]);
    sum += Math.abs(flowN2[2 * (n + stride) + 1] - flowN2[2 * n + 1]);
    count++;
  }
  return sum / Math.max(1, count);
}

function meanOverTime(tracks: Tracks, rows: number, measure: (flow: GridFlow) => number): number {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  if (pointCount % rows !== 0) {
    throw new RangeError(`${pointCount} points do not fill ${rows} rows`);
  }
  const flowN2 = new Float64Array(2 * pointCount);
  const validN = new Uint8Array(pointCount);
  let sum = 0;
  for (let t = 0; t + 1 < frameCount; t++) {
    const a = t * pointCount;
    const b = a + pointCount;
    for (let n = 0; n < pointCount; n++) {
      validN[n] = visibilityTN[a + n] & visibilityTN[b + n];
      for (let k = 0; k < 2; k++) {
        flowN2[2 * n + k] = (tracksTN2[2 * (b + n) + k] - tracksTN2[2 * (a + n) + k]) / CELL;
      }
    }
    sum += measure({ rows, columns: pointCount / rows, flowN2, validN });
  }
  return sum / Math.max(1, frameCount - 1);
}
