import type { Plane } from "./pyramid.ts";

/**
 * A square patch prepared for inverse-compositional alignment (Baker & Matthews 2004). Gradients
 * are window-weighted and made orthogonal to a constant and to the patch itself, so that a change
 * of brightness or contrast moves nothing.
 */
export interface Patch {
  readonly radius: number;
  readonly side: number;
  readonly window: Float32Array;
  /** Sum of the window. */
  readonly windowSum: number;
  readonly value: Float32Array;
  readonly gx: Float32Array;
  readonly gy: Float32Array;
  /** Samples with a one-pixel rim, for the gradients. */
  readonly rim: Float32Array;
  /** Window weight where the sample lies in the frame, else 0. */
  readonly weight: Float32Array;
  hxx: number;
  hxy: number;
  hyy: number;
}

export interface PatchOptions {
  readonly radius: number;
  /** Standard deviation of the window over its radius; Infinity: a flat window. */
  readonly spread: number;
  /** False: plain differences, sensitive to brightness. */
  readonly invariant: boolean;
}

export function createPatch(options: PatchOptions): Patch {
  const { radius, spread } = options;
  const side = 2 * radius + 1;
  const window = new Float32Array(side * side);
  for (let k = 0; k < window.length; k++) {
    const x = (k % side) - radius;
    const y = Math.floor(k / side) - radius;
    window[k] = Math.exp(-(x * x + y * y) / (2 * (spread * radius) ** 2));
  }
  const area = side * side;
  return {
    radius,
    side,
    window,
    windowSum: window.reduce((sum, w) => sum + w, 0),
    value: new Float32Array(area),
    gx: new Float32Array(area),
    gy: new Float32Array(area),
    rim: new Float32Array((side + 2) ** 2),
    weight: new Float32Array(area),
    hxx: 0,
    hxy: 0,
    hyy: 0,
  };
}

/** Offset in the source frame = (m0 u + m1 v, m2 u + m3 v) for a patch offset (u, v). */
export type Warp = Float64Array;
export const IDENTITY_WARP: Warp = Float64Array.of(1, 0, 0, 1);

/** Cuts the patch around (x, y) of `plane` (pixels of the plane), through a warp. */
export function cutPatch(
  patch: Patch,
  plane: Plane,
  x: number,
  y: number,
  warp: Warp,
  invariant: boolean,
): void {
  const { width, height, data } = plane;
  const { side, radius, rim, value, gx, gy, weight, window } = patch;
  const rimSide = side + 2;
  const reach = radius + 1;
  const m0 = warp[0];
  const m1 = warp[1];
  const m2 = warp[2];
  const m3 = warp[3];
  const spanX = (Math.abs(m0) + Math.abs(m1)) * reach;
  const spanY = (Math.abs(m2) + Math.abs(m3)) * reach;
  const inside =
    x - spanX >= 0 && y - spanY >= 0 && x + spanX < width - 1 && y + spanY < height - 1;
  if (inside) {
    let k = 0;
    for (let v = -reach; v <= reach; v++) {
      let sx = x - m0 * reach + m1 * v;
      let sy = y - m2 * reach + m3 * v;
      for (let u = 0; u < rimSide; u++) {
        const ix = sx | 0;
        const iy = sy | 0;
        const fx = sx - ix;
        const fy = sy - iy;
        const o = iy * width + ix;
        const a = data[o];
        const c = data[o + width];
        const top = a + fx * (data[o + 1] - a);
        rim[k++] = top + fy * (c + fx * (data[o + width + 1] - c) - top);
        sx += m0;
        sy += m2;
      }
    }
    weight.set(window);
  } else {
    let k = 0;
    let w = 0;
    for (let v = -reach; v <= reach; v++) {
      for (let u = -reach; u <= reach; u++) {
        const sx = x + m0 * u + m1 * v;
        const sy = y + m2 * u + m3 * v;
        rim[k++] = sampleClamped(plane, sx, sy);
        if (u === -reach || u === reach || v === -reach || v === reach) continue;
        const isIn = sx >= 0 && sy >= 0 && sx <= width - 1 && sy <= height - 1;
        weight[w] = isIn ? window[w] : 0;
        w++;
      }
    }
  }
  let sw = 0;
  let st = 0;
  let sgx = 0;
  let sgy = 0;
  for (let v = 0, k = 0; v < side; v++) {
    let o = (v + 1) * rimSide + 1;
    for (let u = 0; u < side; u++, k++, o++) {
      const w = weight[k];
      const t = rim[o];
      const dx = 0.5 * (rim[o + 1] - rim[o - 1]);
      const dy = 0.5 * (rim[o + rimSide] - rim[o - rimSide]);
      value[k] = t;
      gx[k] = dx;
      gy[k] = dy;
      sw += w;
      st += w * t;
      sgx += w * dx;
      sgy += w * dy;
    }
  }
  const area = side * side;
  let alphaX = 0;
  let alphaY = 0;
  if (!invariant || sw <= 0) {
    st = 0;
    sgx = 0;
    sgy = 0;
  } else {
    st /= sw;
    sgx /= sw;
    sgy /= sw;
    let tt = 0;
    let tx = 0;
    let ty = 0;
    for (let k = 0; k < area; k++) {
      const wt = weight[k] * (value[k] - st);
      tt += wt * (value[k] - st);
      tx += wt * gx[k];
      ty += wt * gy[k];
    }
    // One grey level of noise keeps flat patches from dividing by nothing.
    alphaX = tx / (tt + sw);
    alphaY = ty / (tt + sw);
  }
  let hxx = 0;
  let hxy = 0;
  let hyy = 0;
  for (let k = 0; k < area; k++) {
    const w = weight[k];
    const t = value[k] - st;
    const dx = gx[k] - sgx - alphaX * t;
    const dy = gy[k] - sgy - alphaY * t;
    hxx += w * dx * dx;
    hxy += w * dx * dy;
    hyy += w * dy * dy;
    gx[k] = w * dx;
    gy[k] = w * dy;
  }
  patch.hxx = hxx;
  patch.hxy = hxy;
  patch.hyy = hyy;
}

/** Bilinear sample; positions outside take the border's value. */
export function sampleClamped(plane: Plane, x: number, y: number): number {
  const { width, height, data } = plane;
  const cx = Math.min(Math.max(x, 0), width - 1.001);
  const cy = Math.min(Math.max(y, 0), height - 1.001);
  const ix = cx | 0;
  const iy = cy | 0;
  const fx = cx - ix;
  const fy = cy - iy;
  const o = iy * width + ix;
  const top = data[o] + fx * (data[o + 1] - data[o]);
  const bottom = data[o + width] + fx * (data[o + width + 1] - data[o + width]);
  return top + fy * (bottom - top);
}

/** Mean squared gradient (grey²/px²) in the direction where the patch holds most of it. */
export function mostTexture(patch: Patch): number {
  const { hxx, hxy, hyy } = patch;
  const spread = Math.sqrt((hxx - hyy) ** 2 + 4 * hxy * hxy);
  return (0.5 * (hxx + hyy + spread)) / patch.windowSum;
}

/** Mean squared gradient (grey²/px²) in the direction where the patch holds least of it. */
export function leastTexture(patch: Patch): number {
  const { hxx, hxy, hyy } = patch;
  const spread = Math.sqrt((hxx - hyy) ** 2 + 4 * hxy * hxy);
  return Math.max(0, 0.5 * (hxx + hyy - spread)) / patch.windowSum;
}
