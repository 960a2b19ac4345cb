import {
  ARRAYS,
  arrayBytes,
  between,
  CENTRE,
  HXX,
  HXY,
  HYY,
  height,
  lanes,
  PLANE_DATA,
  pitch,
  radius,
  SUM_D,
  SUM_DD,
  SUM_GT,
  SUM_W,
  side,
  sumOf,
  weights,
  width,
} from "./layout";

/** Cuts `patch` around (x, y) of `plane`, in its pixels, through the warp (m0 m1; m2 m3). */
export function cutPatch(
  patch: usize,
  plane: usize,
  x: f64,
  y: f64,
  m0: f64,
  m1: f64,
  m2: f64,
  m3: f64,
  invariant: bool,
): void {
  const reach = <f64>(radius(patch) + 1);
  const spanX = (Math.abs(m0) + Math.abs(m1)) * reach;
  const spanY = (Math.abs(m2) + Math.abs(m3)) * reach;
  const right = <f64>(width(plane) - 1);
  const bottom = <f64>(height(plane) - 1);
  const isInside =
    x - spanX >= 0 && y - spanY >= 0 && x + spanX < right && y + spanY < bottom;
  const isStraight = m0 == 1 && m1 == 0 && m2 == 0 && m3 == 1;
  // Rows are cut in fours: up to three samples more than the rim.
  const more = 3 * Math.max(Math.abs(m0), Math.abs(m2)) + 0.01;
  const isClear =
    x - spanX >= more && y - spanY >= more && x + spanX + more < right && y + spanY + more < bottom;
  const sum =
    isInside && isStraight
      ? cutStraight(patch, plane, x - reach, y - reach)
      : cutWarped(patch, plane, x, y, m0, m1, m2, m3, isClear);
  const window = patch + ARRAYS;
  const cutWindow = window + arrayBytes(patch);
  store<i32>(patch, <i32>(isInside ? window : cutWindow), 12);
  if (!isInside) weighInside(patch, plane, x, y, m0, m1, m2, m3);
  const cuts = (cutBytes(patch) >> 2) * <usize>(side(patch) + 2);
  prepare(patch, invariant, <f32>(sum / <f64>cuts));
}

function rimOf(patch: usize): usize {
  return patch + ARRAYS + 5 * arrayBytes(patch);
}

/** Bytes of a row of the samples with their rim. */
function rimPitch(patch: usize): usize {
  return <usize>(pitch(patch) + 4) << 2;
}

/** Bytes of it that are cut: what lies past them weighs nothing. */
function cutBytes(patch: usize): usize {
  return <usize>((side(patch) + 5) & ~3) << 2;
}

/** An upright patch inside the plane: every row of samples between two columns serves two rows. Gives their sum. */
function cutStraight(patch: usize, plane: usize, left: f64, top: f64): f64 {
  const row = <usize>width(plane) << 2;
  const ix = <i32>left;
  const iy = <i32>top;
  const fx = f32x4.splat(<f32>(left - <f64>ix));
  const fy = f32x4.splat(<f32>(top - <f64>iy));
  const rimSide = side(patch) + 2;
  const rimBytes = rimPitch(patch);
  const bytes = cutBytes(patch);
  let from = plane + PLANE_DATA + (<usize>(iy * width(plane) + ix) << 2);
  let rim = rimOf(patch);
  let sum = f32x4.splat(0);
  // Of the last row only the upper one is kept; until then it is overwritten by the next.
  for (let v = 0; v <= rimSide; v++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const i = from + at;
      const sample = between(v128.load(i), v128.load(i, 4), fx);
      v128.store(rim + at, sample);
      if (v > 0) {
        const above = rim + at - rimBytes;
        const cut = between(v128.load(above), sample, fy);
        v128.store(above, cut);
        sum = f32x4.add(sum, cut);
      }
    }
    from += row;
    rim += rimBytes;
  }
  return sumOf(sum);
}

/** Positions outside take the border's value; `isClear`: there are none. Gives the sum of the samples. */
function cutWarped(
  patch: usize,
  plane: usize,
  x: f64,
  y: f64,
  m0: f64,
  m1: f64,
  m2: f64,
  m3: f64,
  isClear: bool,
): f64 {
  const row = <usize>width(plane) << 2;
  const data = plane + PLANE_DATA;
  const reach = <f64>(radius(patch) + 1);
  const rimBytes = rimPitch(patch);
  const bytes = cutBytes(patch);
  let rim = rimOf(patch);
  let sum = f32x4.splat(0);
  const zero = f32x4.splat(0);
  const across = i32x4.splat(width(plane));
  const lastX = f32x4.splat(<f32>(<f64>width(plane) - 1.001));
  const lastY = f32x4.splat(<f32>(<f64>height(plane) - 1.001));
  const stepX = f32x4.splat(<f32>m0);
  const stepY = f32x4.splat(<f32>m2);
  const four = f32x4.splat(4);
  for (let v = -reach; v <= reach; v++) {
    const startX = f32x4.splat(<f32>(x - m0 * reach + m1 * v));
    const startY = f32x4.splat(<f32>(y - m2 * reach + m3 * v));
    let u = f32x4(0, 1, 2, 3);
    for (let at: usize = 0; at < bytes; at += 16) {
      let cx = f32x4.add(startX, f32x4.mul(stepX, u));
      let cy = f32x4.add(startY, f32x4.mul(stepY, u));
      u = f32x4.add(u, four);
      if (!isClear) {
        cx = f32x4.pmin(lastX, f32x4.pmax(zero, cx));
        cy = f32x4.pmin(lastY, f32x4.pmax(zero, cy));
      }
      const wholeX = i32x4.trunc_sat_f32x4_s(cx);
      const wholeY = i32x4.trunc_sat_f32x4_s(cy);
      const fx = f32x4.sub(cx, f32x4.convert_i32x4_s(wholeX));
      const fy = f32x4.sub(cy, f32x4.convert_i32x4_s(wholeY));
      const o = i32x4.shl(i32x4.add(i32x4.mul(wholeY, across), wholeX), 2);
      const i = data + <usize>i32x4.extract_lane(o, 0);
      const j = data + <usize>i32x4.extract_lane(o, 1);
      const k = data + <usize>i32x4.extract_lane(o, 2);
      const l = data + <usize>i32x4.extract_lane(o, 3);
      // Of two samples each the left and the right neighbour.
      const upper = v128.load_lane<u64>(j, v128.load_zero<u64>(i), 1);
      const upperMore = v128.load_lane<u64>(l, v128.load_zero<u64>(k), 1);
      const lower = v128.load_lane<u64>(j + row, v128.load_zero<u64>(i + row), 1);
      const lowerMore = v128.load_lane<u64>(l + row, v128.load_zero<u64>(k + row), 1);
      const above = between(lefts(upper, upperMore), rights(upper, upperMore), fx);
      const below = between(lefts(lower, lowerMore), rights(lower, lowerMore), fx);
      const cut = between(above, below, fy);
      v128.store(rim + at, cut);
      sum = f32x4.add(sum, cut);
    }
    rim += rimBytes;
  }
  return sumOf(sum);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function lefts(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 2, 4, 6);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function rights(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 1, 3, 5, 7);
}

/** Samples outside the plane weigh nothing. */
function weighInside(
  patch: usize,
  plane: usize,
  x: f64,
  y: f64,
  m0: f64,
  m1: f64,
  m2: f64,
  m3: f64,
): void {
  const zero = f32x4.splat(0);
  const lastX = f32x4.splat(<f32>(width(plane) - 1));
  const lastY = f32x4.splat(<f32>(height(plane) - 1));
  const stepX = f32x4.splat(<f32>m0);
  const stepY = f32x4.splat(<f32>m2);
  const four = f32x4.splat(4);
  const reach = <f64>radius(patch);
  const bytes = arrayBytes(patch);
  const rowBytes = <usize>pitch(patch) << 2;
  let window = patch + ARRAYS;
  for (let v = -reach; v <= reach; v++) {
    const startX = f32x4.splat(<f32>(x - m0 * reach + m1 * v));
    const startY = f32x4.splat(<f32>(y - m2 * reach + m3 * v));
    let u = f32x4(0, 1, 2, 3);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const sx = f32x4.add(startX, f32x4.mul(stepX, u));
      const sy = f32x4.add(startY, f32x4.mul(stepY, u));
      const across = v128.and(f32x4.ge(sx, zero), f32x4.le(sx, lastX));
      const down = v128.and(f32x4.ge(sy, zero), f32x4.le(sy, lastY));
      v128.store(window + bytes, v128.and(v128.load(window), v128.and(across, down)));
      window += 16;
      u = f32x4.add(u, four);
    }
  }
}

/**
 * Values, gradients and sums of the samples in the rim, whose mean is about `centre`. Gradients are weighted and, with `invariant`,
 * made orthogonal to a constant and to the patch itself.
 */
function prepare(patch: usize, invariant: bool, centre: f32): void {
  const rowBytes = <usize>pitch(patch) << 2;
  const rimBytes = rimPitch(patch);
  const bytes = arrayBytes(patch);
  const value = patch + ARRAYS + 2 * bytes;
  const weight = weights(patch);
  const half = f32x4.splat(0.5);
  const middle = f32x4.splat(centre);
  let sw = f32x4.splat(0);
  let sd = f32x4.splat(0);
  let sdd = f32x4.splat(0);
  let sgx = f32x4.splat(0);
  let sgy = f32x4.splat(0);
  let sdx = f32x4.splat(0);
  let sdy = f32x4.splat(0);
  let k: usize = 0;
  let row = rimOf(patch) + rimBytes + 4;
  while (k < bytes) {
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const o = row + at;
      const w = v128.load(weight + k);
      const t = v128.load(o);
      const gx = f32x4.mul(half, f32x4.sub(v128.load(o, 4), v128.load(o - 4)));
      const gy = f32x4.mul(half, f32x4.sub(v128.load(o + rimBytes), v128.load(o - rimBytes)));
      const to = value + k;
      v128.store(to, t);
      v128.store(to + bytes, gx);
      v128.store(to + 2 * bytes, gy);
      const d = f32x4.sub(t, middle);
      const wd = f32x4.mul(w, d);
      sw = f32x4.add(sw, w);
      sd = f32x4.add(sd, wd);
      sdd = f32x4.add(sdd, f32x4.mul(wd, d));
      sgx = f32x4.add(sgx, f32x4.mul(w, gx));
      sgy = f32x4.add(sgy, f32x4.mul(w, gy));
      sdx = f32x4.add(sdx, f32x4.mul(wd, gx));
      sdy = f32x4.add(sdy, f32x4.mul(wd, gy));
      k += 16;
    }
    row += rimBytes;
  }
  const w = sumOf(sw);
  const d = sumOf(sd);
  const dd = sumOf(sdd);
  store<f64>(patch, <f64>centre, CENTRE);
  store<f64>(patch, w, SUM_W);
  store<f64>(patch, d, SUM_D);
  store<f64>(patch, dd, SUM_DD);
  let meanT: f64 = 0;
  let meanX: f64 = 0;
  let meanY: f64 = 0;
  let alphaX: f64 = 0;
  let alphaY: f64 = 0;
  if (invariant && w > 0) {
    meanT = d / w;
    meanX = sumOf(sgx) / w;
    meanY = sumOf(sgy) / w;
    // One grey level of noise keeps flat patches from dividing by nothing.
    const squares = dd - d * meanT + w;
    alphaX = (sumOf(sdx) - d * meanX) / squares;
    alphaY = (sumOf(sdy) - d * meanY) / squares;
  }
  // gradient − mean − alpha · (t − centre − meanT)
  const slopeX = f32x4.splat(<f32>alphaX);
  const slopeY = f32x4.splat(<f32>alphaY);
  const shiftX = f32x4.splat(<f32>(meanX - alphaX * meanT));
  const shiftY = f32x4.splat(<f32>(meanY - alphaY * meanT));
  let hxx = f32x4.splat(0);
  let hxy = f32x4.splat(0);
  let hyy = f32x4.splat(0);
  let xt = f32x4.splat(0);
  let yt = f32x4.splat(0);
  for (k = 0; k < bytes; k += 16) {
    const to = value + k;
    const w = v128.load(weight + k);
    const t = v128.load(to);
    const d = f32x4.sub(t, middle);
    const gx = v128.load(to + bytes);
    const gy = v128.load(to + 2 * bytes);
    const dx = f32x4.sub(f32x4.sub(gx, shiftX), f32x4.mul(slopeX, d));
    const dy = f32x4.sub(f32x4.sub(gy, shiftY), f32x4.mul(slopeY, d));
    const wx = f32x4.mul(w, dx);
    const wy = f32x4.mul(w, dy);
    hxx = f32x4.add(hxx, f32x4.mul(wx, dx));
    hxy = f32x4.add(hxy, f32x4.mul(wx, dy));
    hyy = f32x4.add(hyy, f32x4.mul(wy, dy));
    xt = f32x4.add(xt, f32x4.mul(wx, t));
    yt = f32x4.add(yt, f32x4.mul(wy, t));
    v128.store(to + bytes, wx);
    v128.store(to + 2 * bytes, wy);
  }
  store<f64>(patch, sumOf(hxx), HXX);
  store<f64>(patch, sumOf(hxy), HXY);
  store<f64>(patch, sumOf(hyy), HYY);
  v128.store(patch, lanes(xt, yt), SUM_GT);
}
