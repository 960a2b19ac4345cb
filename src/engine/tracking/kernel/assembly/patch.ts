import {
  ARRAYS,
  arrayBytes,
  between,
  HXX,
  HXY,
  HYY,
  height,
  PLANE_DATA,
  pairAt,
  pitch,
  radius,
  rounded,
  side,
  sumOf,
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
  const bytes = arrayBytes(patch);
  const window = patch + ARRAYS;
  const isInside =
    x - spanX >= 0 && y - spanY >= 0 && x + spanX < right && y + spanY < bottom;
  const isStraight = m0 == 1 && m1 == 0 && m2 == 0 && m3 == 1;
  if (isInside && isStraight) cutStraight(patch, plane, x - reach, y - reach);
  else cutWarped(patch, plane, x, y, m0, m1, m2, m3);
  if (isInside) memory.copy(window + bytes, window, bytes);
  else weighInside(patch, plane, x, y, m0, m1, m2, m3);
  prepare(patch, invariant);
}

function rimOf(patch: usize): usize {
  return patch + ARRAYS + 5 * arrayBytes(patch);
}

/** An upright patch inside the plane: every row of samples between two columns serves two rows. */
function cutStraight(patch: usize, plane: usize, left: f64, top: f64): void {
  const row = <usize>width(plane) << 2;
  const ix = <i32>left;
  const iy = <i32>top;
  const fx = f64x2.splat(left - <f64>ix);
  const fy = f64x2.splat(top - <f64>iy);
  const rimSide = side(patch) + 2;
  const rimBytes = <usize>(pitch(patch) + 2) << 3;
  let from = plane + PLANE_DATA + (<usize>(iy * width(plane) + ix) << 2);
  let rim = rimOf(patch);
  // Of the last row only the upper one is kept; until then it is overwritten by the next.
  for (let v = 0; v <= rimSide; v++) {
    for (let at: usize = 0; at < rimBytes; at += 16) {
      const i = from + (at >> 1);
      const sample = between(pairAt(i), pairAt(i + 4), fx);
      v128.store(rim + at, sample);
      if (v > 0) {
        const above = rim + at - rimBytes;
        v128.store(above, rounded(between(v128.load(above), sample, fy)));
      }
    }
    from += row;
    rim += rimBytes;
  }
}

/** Positions outside take the border's value. */
function cutWarped(
  patch: usize,
  plane: usize,
  x: f64,
  y: f64,
  m0: f64,
  m1: f64,
  m2: f64,
  m3: f64,
): void {
  const w = width(plane);
  const row = <usize>w << 2;
  const data = plane + PLANE_DATA;
  const reach = <f64>(radius(patch) + 1);
  const rimBytes = <usize>(pitch(patch) + 2) << 3;
  let rim = rimOf(patch);
  const zero = f64x2.splat(0);
  const shift = f64x2.splat(4503599627370496);
  const across = f64x2.splat(<f64>w);
  const lastX = f64x2.splat(<f64>w - 1.001);
  const lastY = f64x2.splat(<f64>height(plane) - 1.001);
  const stepX = f64x2.splat(2 * m0);
  const stepY = f64x2.splat(2 * m2);
  for (let v = -reach; v <= reach; v++) {
    let sx = pairFrom(x - m0 * reach + m1 * v, m0);
    let sy = pairFrom(y - m2 * reach + m3 * v, m2);
    for (let at: usize = 0; at < rimBytes; at += 16) {
      const cx = f64x2.pmin(lastX, f64x2.pmax(zero, sx));
      const cy = f64x2.pmin(lastY, f64x2.pmax(zero, sy));
      const wholeX = f64x2.floor(cx);
      const wholeY = f64x2.floor(cy);
      const fx = f64x2.sub(cx, wholeX);
      const fy = f64x2.sub(cy, wholeY);
      // Added to 2^52, a whole number stands in the low bits.
      const o = f64x2.add(f64x2.add(f64x2.mul(wholeY, across), wholeX), shift);
      const i = data + (<usize>i32x4.extract_lane(o, 0) << 2);
      const j = data + (<usize>i32x4.extract_lane(o, 2) << 2);
      // Of both samples the left and the right neighbour.
      const upper = v128.load_lane<u64>(j, v128.load_zero<u64>(i), 1);
      const lower = v128.load_lane<u64>(j + row, v128.load_zero<u64>(i + row), 1);
      const a = f64x2.promote_low_f32x4(v128.shuffle<f32>(upper, upper, 0, 2, 0, 2));
      const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(upper, upper, 1, 3, 1, 3));
      const c = f64x2.promote_low_f32x4(v128.shuffle<f32>(lower, lower, 0, 2, 0, 2));
      const d = f64x2.promote_low_f32x4(v128.shuffle<f32>(lower, lower, 1, 3, 1, 3));
      v128.store(rim + at, rounded(between(between(a, b, fx), between(c, d, fx), fy)));
      sx = f64x2.add(sx, stepX);
      sy = f64x2.add(sy, stepY);
    }
    rim += rimBytes;
  }
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
  const zero = f64x2.splat(0);
  const lastX = f64x2.splat(<f64>(width(plane) - 1));
  const lastY = f64x2.splat(<f64>(height(plane) - 1));
  const stepX = f64x2.splat(2 * m0);
  const stepY = f64x2.splat(2 * m2);
  const reach = <f64>radius(patch);
  const bytes = arrayBytes(patch);
  const rowBytes = <usize>pitch(patch) << 3;
  let window = patch + ARRAYS;
  for (let v = -reach; v <= reach; v++) {
    let sx = pairFrom(x - m0 * reach + m1 * v, m0);
    let sy = pairFrom(y - m2 * reach + m3 * v, m2);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const across = v128.and(f64x2.ge(sx, zero), f64x2.le(sx, lastX));
      const down = v128.and(f64x2.ge(sy, zero), f64x2.le(sy, lastY));
      const weight = v128.and(v128.load(window), v128.and(across, down));
      v128.store(window + bytes, weight);
      window += 16;
      sx = f64x2.add(sx, stepX);
      sy = f64x2.add(sy, stepY);
    }
  }
}

function pairFrom(start: f64, step: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(start), 1, start + step);
}

/**
 * Values, gradients and sums of the samples in the rim. Gradients are weighted and, with `invariant`,
 * made orthogonal to a constant and to the patch itself.
 */
function prepare(patch: usize, invariant: bool): void {
  const rowBytes = <usize>pitch(patch) << 3;
  const rimBytes = rowBytes + 16;
  const bytes = arrayBytes(patch);
  const weight = patch + ARRAYS + bytes;
  const half = f64x2.splat(0.5);
  let sw = f64x2.splat(0);
  let st = f64x2.splat(0);
  let sgx = f64x2.splat(0);
  let sgy = f64x2.splat(0);
  let k = weight;
  let row = rimOf(patch) + rimBytes + 8;
  const end = weight + bytes;
  while (k < end) {
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const o = row + at;
      const w = v128.load(k);
      const t = v128.load(o);
      const dx = f64x2.mul(half, f64x2.sub(v128.load(o, 8), v128.load(o - 8)));
      const dy = f64x2.mul(half, f64x2.sub(v128.load(o + rimBytes), v128.load(o - rimBytes)));
      const gx = rounded(dx);
      const gy = rounded(dy);
      v128.store(k + bytes, t);
      v128.store(k + 2 * bytes, gx);
      v128.store(k + 3 * bytes, gy);
      sw = f64x2.add(sw, w);
      st = f64x2.add(st, f64x2.mul(w, t));
      sgx = f64x2.add(sgx, f64x2.mul(w, dx));
      sgy = f64x2.add(sgy, f64x2.mul(w, dy));
      k += 16;
    }
    row += rimBytes;
  }
  let meanT = f64x2.splat(0);
  let meanX = f64x2.splat(0);
  let meanY = f64x2.splat(0);
  let alphaX = f64x2.splat(0);
  let alphaY = f64x2.splat(0);
  const sumW = sumOf(sw);
  if (invariant && sumW > 0) {
    meanT = f64x2.splat(sumOf(st) / sumW);
    meanX = f64x2.splat(sumOf(sgx) / sumW);
    meanY = f64x2.splat(sumOf(sgy) / sumW);
    let tt = f64x2.splat(0);
    let tx = f64x2.splat(0);
    let ty = f64x2.splat(0);
    for (k = weight; k < end; k += 16) {
      const t = f64x2.sub(v128.load(k + bytes), meanT);
      const wt = f64x2.mul(v128.load(k), t);
      tt = f64x2.add(tt, f64x2.mul(wt, t));
      tx = f64x2.add(tx, f64x2.mul(wt, v128.load(k + 2 * bytes)));
      ty = f64x2.add(ty, f64x2.mul(wt, v128.load(k + 3 * bytes)));
    }
    // One grey level of noise keeps flat patches from dividing by nothing.
    const squares = sumOf(tt) + sumW;
    alphaX = f64x2.splat(sumOf(tx) / squares);
    alphaY = f64x2.splat(sumOf(ty) / squares);
  }
  let hxx = f64x2.splat(0);
  let hxy = f64x2.splat(0);
  let hyy = f64x2.splat(0);
  for (k = weight; k < end; k += 16) {
    const w = v128.load(k);
    const t = f64x2.sub(v128.load(k + bytes), meanT);
    const gx = v128.load(k + 2 * bytes);
    const gy = v128.load(k + 3 * bytes);
    const dx = f64x2.sub(f64x2.sub(gx, meanX), f64x2.mul(alphaX, t));
    const dy = f64x2.sub(f64x2.sub(gy, meanY), f64x2.mul(alphaY, t));
    const wx = f64x2.mul(w, dx);
    const wy = f64x2.mul(w, dy);
    hxx = f64x2.add(hxx, f64x2.mul(wx, dx));
    hxy = f64x2.add(hxy, f64x2.mul(wx, dy));
    hyy = f64x2.add(hyy, f64x2.mul(wy, dy));
    v128.store(k + 2 * bytes, rounded(wx));
    v128.store(k + 3 * bytes, rounded(wy));
  }
  store<f64>(patch, sumOf(hxx), HXX);
  store<f64>(patch, sumOf(hxy), HXY);
  store<f64>(patch, sumOf(hyy), HYY);
}
