/** For each point its `count` nearest others at the anchor: [N,count] indices, nearest first. */
export function nearestNeighbours(xyN2: Float32Array, count: number): Int32Array {
  const n = xyN2.length / 2;
  const k = Math.min(count, n - 1);
  const out = new Int32Array(n * k);
  const distance = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    distance.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < n; j++) {
      const d = (xyN2[2 * j] - xyN2[2 * i]) ** 2 + (xyN2[2 * j + 1] - xyN2[2 * i + 1]) ** 2;
      // Of two as far away the one with the lower number is the nearer.
      if (j === i || !(d < distance[k - 1])) continue;
      let m = k - 1;
      for (; m > 0 && d < distance[m - 1]; m--) {
        distance[m] = distance[m - 1];
        out[i * k + m] = out[i * k + m - 1];
      }
      distance[m] = d;
      out[i * k + m] = j;
    }
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
  const map: Affine = Float64Array.of(1, 0, 0, 0, 1, 0);
  // The first estimate is the median motion: least squares would follow the outliers.
  const motionN = new Float64Array(n);
  for (const axis of [0, 1]) {
    for (let i = 0; i < n; i++) motionN[i] = toN2[2 * i + axis] - fromN2[2 * i + axis];
    map[2 + 3 * axis] = weightedMedian(motionN, weightN);
  }
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
  for (let iteration = 0; iteration < 8; iteration++) {
    const s = Math.max(scale, 16 * 0.5 ** iteration);
    const [m0, m1, m2, m3, m4, m5] = map;
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
      const ex = toN2[2 * i] - (m0 * x + m1 * y + m2);
      const ey = toN2[2 * i + 1] - (m3 * x + m4 * y + m5);
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
    map[0] = 1 + a;
    map[1] = b;
    map[2] = ux / w0 - a * ox - b * oy;
    map[3] = d;
    map[4] = 1 + e;
    map[5] = uy / w0 - d * ox - e * oy;
  }
  return map;
}

/** 0 where nothing weighs. */
function weightedMedian(valueN: Float64Array, weightN: Float64Array): number {
  const order = new Int32Array(valueN.length);
  let count = 0;
  let total = 0;
  for (let i = 0; i < valueN.length; i++) {
    if (!(weightN[i] > 0)) continue;
    order[count++] = i;
    total += weightN[i];
  }
  let sum = 0;
  for (const i of sortedBy(valueN, order.subarray(0, count))) {
    sum += weightN[i];
    if (sum >= total / 2) return valueN[i];
  }
  return 0;
}

/** `order` with the indices of lower values first, equal ones as they were; it is used up. */
function sortedBy(valueN: Float64Array, order: Int32Array): Int32Array {
  const count = order.length;
  let from = order;
  let to: Int32Array = new Int32Array(count);
  // A merge sort without a function that compares, which took a tenth of the tracker's time.
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(start + 2 * width, count);
      let left = start;
      let right = middle;
      for (let k = start; k < end; k++) {
        const takesLeft =
          left < middle && (right >= end || valueN[from[left]] <= valueN[from[right]]);
        to[k] = takesLeft ? from[left++] : from[right++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
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
  const weightK = new Float64Array(k);
  const valueK2 = new Float64Array(2 * k);
  for (let i = 0; i < n; i++) {
    for (let m = 0; m < k; m++) {
      const j = neighboursNK[i * k + m];
      weightK[m] = weightN[j] * affinityNK[i * k + m];
      valueK2[2 * m] = valueN2[2 * j];
      valueK2[2 * m + 1] = valueN2[2 * j + 1];
    }
    let sw = 0;
    let mx = 0;
    let my = 0;
    for (let round = 0; round < 4; round++) {
      const s = scale * (round < 2 ? 4 : 1);
      let sum = 0;
      let sx = 0;
      let sy = 0;
      for (let m = 0; m < k; m++) {
        let w = weightK[m];
        const x = valueK2[2 * m];
        const y = valueK2[2 * m + 1];
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
