/** For each point its `count` nearest others at the anchor: [N,count] indices, nearest first. */
export function nearestNeighbours(xyN2: Float32Array, count: number): Int32Array {
  const n = xyN2.length / 2;
  const k = Math.min(count, n - 1);
  const out = new Int32Array(n * k);
  const distance = new Float64Array(n);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      distance[j] = (xyN2[2 * j] - xyN2[2 * i]) ** 2 + (xyN2[2 * j + 1] - xyN2[2 * i + 1]) ** 2;
      order[j] = j;
    }
    distance[i] = Number.POSITIVE_INFINITY;
    order.sort((a, b) => distance[a] - distance[b] || a - b);
    out.set(order.subarray(0, k), i * k);
  }
  return out;
}

/** Affine map x' = a·x + b·y + c, y' = d·x + e·y + f as [a,b,c,d,e,f]. */
export type Affine = Float64Array;

/**
 * The affine motion that most points share: iteratively reweighted least squares (Cauchy weights,
 * scale shrinking to `scale` px). Weights [N] say how much each point's motion can be trusted.
 */
export function fitSharedAffine(
  fromN2: Float64Array,
  toN2: Float64Array,
  weightN: Float64Array,
  scale: number,
): Affine {
  const n = weightN.length;
  let map: Affine = Float64Array.of(1, 0, 0, 0, 1, 0);
  // The first estimate is the median motion: least squares would follow the outliers.
  map[2] = weightedMedian(n, (i) => toN2[2 * i] - fromN2[2 * i], weightN);
  map[5] = weightedMedian(n, (i) => toN2[2 * i + 1] - fromN2[2 * i + 1], weightN);
  for (let iteration = 0; iteration < 8; iteration++) {
    const s = Math.max(scale, 16 * 0.5 ** iteration);
    // Normal equations about the frame's middle keep the system well conditioned.
    let sw = 0;
    let mx = 0;
    let my = 0;
    for (let i = 0; i < n; i++) {
      sw += weightN[i];
      mx += weightN[i] * fromN2[2 * i];
      my += weightN[i] * fromN2[2 * i + 1];
    }
    if (sw <= 0) return map;
    mx /= sw;
    my /= sw;
    let w0 = 1e-9;
    let xx = 0;
    let xy = 0;
    let yy = 0;
    let sx = 0;
    let sy = 0;
    let ux = 0;
    let uy = 0;
    let uxx = 0;
    let uxy = 0;
    let uyx = 0;
    let uyy = 0;
    for (let i = 0; i < n; i++) {
      const x = fromN2[2 * i];
      const y = fromN2[2 * i + 1];
      const ex = toN2[2 * i] - (map[0] * x + map[1] * y + map[2]);
      const ey = toN2[2 * i + 1] - (map[3] * x + map[4] * y + map[5]);
      const w = weightN[i] / (1 + (ex * ex + ey * ey) / (s * s)) ** 2;
      const dx = x - mx;
      const dy = y - my;
      const u = toN2[2 * i] - x;
      const v = toN2[2 * i + 1] - y;
      w0 += w;
      sx += w * dx;
      sy += w * dy;
      xx += w * dx * dx;
      xy += w * dx * dy;
      yy += w * dy * dy;
      ux += w * u;
      uy += w * v;
      uxx += w * u * dx;
      uxy += w * u * dy;
      uyx += w * v * dx;
      uyy += w * v * dy;
    }
    const cx = sx / w0;
    const cy = sy / w0;
    // A ridge of (8 px)² a point lets few or collinear points fix the shift only.
    const ridge = w0 * 64 + 1e-6;
    const hxx = xx - sx * cx + ridge;
    const hxy = xy - sx * cy;
    const hyy = yy - sy * cy + ridge;
    const det = hxx * hyy - hxy * hxy;
    const px = uxx - cx * ux;
    const py = uxy - cy * ux;
    const qx = uyx - cx * uy;
    const qy = uyy - cy * uy;
    const a = (hyy * px - hxy * py) / det;
    const b = (hxx * py - hxy * px) / det;
    const d = (hyy * qx - hxy * qy) / det;
    const e = (hxx * qy - hxy * qx) / det;
    const ox = mx + cx;
    const oy = my + cy;
    map = Float64Array.of(1 + a, b, ux / w0 - a * ox - b * oy, d, 1 + e, uy / w0 - d * ox - e * oy);
  }
  return map;
}

function weightedMedian(n: number, value: (i: number) => number, weightN: Float64Array): number {
  const order: number[] = [];
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(weightN[i] > 0)) continue;
    order.push(i);
    total += weightN[i];
  }
  order.sort((a, b) => value(a) - value(b));
  let sum = 0;
  for (const i of order) {
    sum += weightN[i];
    if (sum >= total / 2) return value(i);
  }
  return 0;
}

/**
 * Robust mean of the neighbours' values (three rounds of Cauchy weights from the weighted median
 * distance on): [N,2] into `outN2`. `affinityNK` [N,K]: how much neighbour k moves like point i.
 * Points without any trusted neighbour get `fallback` (0,0).
 */
export function consensus(
  outN2: Float64Array,
  valueN2: Float64Array,
  weightN: Float64Array,
  neighboursNK: Int32Array,
  affinityNK: Float32Array,
  scale: number,
): void {
  const n = weightN.length;
  const k = neighboursNK.length / n;
  for (let i = 0; i < n; i++) {
    let sw = 0;
    let mx = 0;
    let my = 0;
    for (let round = 0; round < 4; round++) {
      const s = scale * (round < 2 ? 4 : 1);
      let sum = 0;
      let sx = 0;
      let sy = 0;
      for (let m = i * k; m < (i + 1) * k; m++) {
        const j = neighboursNK[m];
        let w = weightN[j] * affinityNK[m];
        const x = valueN2[2 * j];
        const y = valueN2[2 * j + 1];
        if (round > 0) w /= 1 + ((x - mx) ** 2 + (y - my) ** 2) / (s * s);
        sum += w;
        sx += w * x;
        sy += w * y;
      }
      sw = sum;
      if (sum <= 1e-9) break;
      mx = sx / sum;
      my = sy / sum;
    }
    outN2[2 * i] = sw > 1e-9 ? mx : 0;
    outN2[2 * i + 1] = sw > 1e-9 ? my : 0;
  }
}
