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
  side,
  sumOf,
  width,
} from "./layout";

/** Longest step of one iteration: beyond the patch's own scale the linear model says nothing. */
const LONGEST_STEP: f64 = 2;
const CONVERGED: f64 = 0.01;

/**
 * Gauss-Newton alignment of `patch` to `plane` from the match's x and y, inverse-compositional (Baker
 * & Matthews 2004). `pull` (grey²/px²) draws the result to (priorX, priorY) in the directions that the
 * patch itself does not decide.
 */
export function alignPatch(
  match: usize,
  patch: usize,
  plane: usize,
  priorX: f64,
  priorY: f64,
  pull: f64,
  iterations: i32,
): void {
  const hxx = load<f64>(patch, HXX) + pull;
  const hyy = load<f64>(patch, HYY) + pull;
  const hxy = load<f64>(patch, HXY);
  const determinant = hxx * hyy - hxy * hxy;
  if (!(determinant > 1e-6)) {
    store<f64>(match, priorX);
    store<f64>(match, priorY, 8);
    return;
  }
  let x = load<f64>(match);
  let y = load<f64>(match, 8);
  const reach = <f64>radius(patch);
  isCellKnown = false;
  isAtRim = false;
  for (let i = 0; i < iterations; i++) {
    sumGradients(patch, plane, x - reach, y - reach);
    const bx = sumX + pull * (x - priorX);
    const by = sumY + pull * (y - priorY);
    let dx = (hyy * bx - hxy * by) / determinant;
    let dy = (hxx * by - hxy * bx) / determinant;
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length > LONGEST_STEP) {
      dx *= LONGEST_STEP / length;
      dy *= LONGEST_STEP / length;
    }
    x -= dx;
    y -= dy;
    if (length < CONVERGED) break;
  }
  store<f64>(match, x);
  store<f64>(match, y, 8);
}

/** The samples of a patch that lie in the plane: columns [fromU, toU) of rows [fromV, toV). */
let fromU: i32 = 0;
let toU: i32 = 0;
let fromV: i32 = 0;
let toV: i32 = 0;
/** Where between two columns of the plane each column of the patch lies; so the last row and the others. */
const SHARES: usize = memory.data(8 * 32, 16);
let share: f64 = 0;
let lastShare: f64 = 0;
/** Whether the last column or row lies so close to the plane's own that its share is another. */
let isAtRim: bool = false;

/** Samples are not taken closer than this to the last column or row. */
const RIM: f64 = 0.001;

/** Finds what of the patch, its first sample at (left, top), lies in the plane. */
function findInside(patch: usize, plane: usize, left: f64, top: f64): void {
  const s = <f64>side(patch);
  const right = <f64>(width(plane) - 1) - left;
  const bottom = <f64>(height(plane) - 1) - top;
  fromU = <i32>Math.min(s, Math.max(0, Math.ceil(-left)));
  fromV = <i32>Math.min(s, Math.max(0, Math.ceil(-top)));
  toU = <i32>Math.max(0, Math.min(s, Math.floor(right) + 1));
  toV = <i32>Math.max(0, Math.min(s, Math.floor(bottom) + 1));
  const across = left - Math.floor(left);
  const pair = f64x2.splat(across);
  const bytes = <usize>pitch(patch) << 3;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(SHARES + at, pair);
  const lastColumn = SHARES + (<usize>(toU - 1) << 3);
  const lastAcross = Math.min(across, across + right - RIM - <f64>(toU - 1));
  if (toU > 0) store<f64>(lastColumn, lastAcross);
  share = top - Math.floor(top);
  lastShare = Math.min(share, share + bottom - RIM - <f64>(toV - 1));
  isAtRim = lastAcross != across || lastShare != share;
}

/** Σ gradient · (picture − patch), by the last call of `sumGradients`. */
let sumX: f64 = 0;
let sumY: f64 = 0;

/**
 * The same sums at the four whole-pixel places around (cellX, cellY): between them they are bilinear, as the
 * picture is, so that further steps within a pixel cost nothing.
 */
let isCellKnown: bool = false;
let cellX: f64 = 0;
let cellY: f64 = 0;
const CELL: usize = memory.data(8 * 8, 16);

function sumGradients(patch: usize, plane: usize, left: f64, top: f64): void {
  const x = Math.floor(left);
  const y = Math.floor(top);
  const fx = left - x;
  const fy = top - y;
  if (!isCellKnown || isAtRim || x != cellX || y != cellY) {
    findInside(patch, plane, left, top);
    if (isAtRim) return sumAtRim(patch, plane, <i32>x, <i32>y);
    sumCell(patch, plane, <i32>x, <i32>y);
    cellX = x;
    cellY = y;
    isCellKnown = true;
  }
  const upper = between(v128.load(CELL), v128.load(CELL, 16), f64x2.splat(fx));
  const lower = between(v128.load(CELL, 32), v128.load(CELL, 48), f64x2.splat(fx));
  const sums = between(upper, lower, f64x2.splat(fy));
  sumX = f64x2.extract_lane(sums, 0);
  sumY = f64x2.extract_lane(sums, 1);
}

/** Only what of the patch lies in the plane counts: see findInside. */
function sumCell(patch: usize, plane: usize, ix: i32, iy: i32): void {
  const row = <usize>width(plane) << 2;
  const bytes = arrayBytes(patch);
  const value = patch + ARRAYS + 2 * bytes;
  let x00 = f64x2.splat(0);
  let x01 = f64x2.splat(0);
  let x10 = f64x2.splat(0);
  let x11 = f64x2.splat(0);
  let y00 = f64x2.splat(0);
  let y01 = f64x2.splat(0);
  let y10 = f64x2.splat(0);
  let y11 = f64x2.splat(0);
  for (let v = fromV; v < toV; v++) {
    let i = plane + PLANE_DATA + (<usize>((iy + v) * width(plane) + ix + fromU) << 2);
    let k = value + (<usize>(v * pitch(patch) + fromU) << 3);
    const last = value + (<usize>(v * pitch(patch) + toU - 1) << 3);
    for (; k <= last; k += 16) {
      const isPair = k < last;
      const gx = isPair ? v128.load(k + bytes) : v128.load_zero<u64>(k + bytes);
      const gy = isPair ? v128.load(k + 2 * bytes) : v128.load_zero<u64>(k + 2 * bytes);
      const t = v128.load(k);
      const a = f64x2.sub(pairAt(i), t);
      x00 = f64x2.add(x00, f64x2.mul(gx, a));
      y00 = f64x2.add(y00, f64x2.mul(gy, a));
      const b = f64x2.sub(pairAt(i + 4), t);
      x01 = f64x2.add(x01, f64x2.mul(gx, b));
      y01 = f64x2.add(y01, f64x2.mul(gy, b));
      const c = f64x2.sub(pairAt(i + row), t);
      x10 = f64x2.add(x10, f64x2.mul(gx, c));
      y10 = f64x2.add(y10, f64x2.mul(gy, c));
      const d = f64x2.sub(pairAt(i + row + 4), t);
      x11 = f64x2.add(x11, f64x2.mul(gx, d));
      y11 = f64x2.add(y11, f64x2.mul(gy, d));
      i += 8;
    }
  }
  v128.store(CELL, lanes(x00, y00));
  v128.store(CELL, lanes(x01, y01), 16);
  v128.store(CELL, lanes(x10, y10), 32);
  v128.store(CELL, lanes(x11, y11), 48);
}

/** The sums of one place alone. */
function sumAtRim(patch: usize, plane: usize, ix: i32, iy: i32): void {
  const row = <usize>width(plane) << 2;
  const bytes = arrayBytes(patch);
  sumX = 0;
  sumY = 0;
  for (let v = fromV; v < toV; v++) {
    const fy = v == toV - 1 ? lastShare : share;
    for (let u = fromU; u < toU; u++) {
      const i = plane + PLANE_DATA + (<usize>((iy + v) * width(plane) + ix + u) << 2);
      const k = patch + ARRAYS + 2 * bytes + (<usize>(v * pitch(patch) + u) << 3);
      const fx = load<f64>(SHARES + (<usize>u << 3));
      const ends = between(pairAt(i), pairAt(i + row), f64x2.splat(fy));
      const first = f64x2.extract_lane(ends, 0);
      const sample = first + fx * (f64x2.extract_lane(ends, 1) - first);
      sumX += load<f64>(k + bytes) * (sample - load<f64>(k));
      sumY += load<f64>(k + 2 * bytes) * (sample - load<f64>(k));
    }
  }
}

/** [sum of both of a, sum of both of b] */
function lanes(a: v128, b: v128): v128 {
  return f64x2.replace_lane(f64x2.splat(sumOf(a)), 1, sumOf(b));
}

/**
 * Fills the match's rms and correlation for the patch at the match's x and y of `plane`. On plain ground
 * what is left of equal sums decides between two places, so they are summed in the order of the samples.
 */
export function comparePatch(match: usize, patch: usize, plane: usize): void {
  const left = load<f64>(match) - <f64>radius(patch);
  const top = load<f64>(match, 8) - <f64>radius(patch);
  findInside(patch, plane, left, top);
  const ix = <i32>Math.floor(left);
  const iy = <i32>Math.floor(top);
  const row = <usize>width(plane) << 2;
  const bytes = arrayBytes(patch);
  const weight = patch + ARRAYS + bytes;
  const rowBytes = <usize>(toU - fromU) << 3;
  let from = plane + PLANE_DATA + (<usize>((iy + fromV) * width(plane) + ix + fromU) << 2);
  // [Σws, Σws²], [Σwst, Σw] and [Σwt, Σwt²] of samples s of the plane and t of the patch.
  let sums = f64x2.splat(0);
  let products = f64x2.splat(0);
  let own = f64x2.splat(0);
  const onlyFirst = i64x2.replace_lane(i64x2.splat(0), 0, -1);
  const everything = i64x2.splat(-1);
  const shares = SHARES + (<usize>fromU << 3);
  for (let v = fromV - 1; v < toV; v++) {
    const fy = f64x2.splat(v == toV - 1 ? lastShare : share);
    const rowAt = weight + (<usize>(v * pitch(patch) + fromU) << 3);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const i = from + (at >> 1);
      const below = between(pairAt(i), pairAt(i + 4), v128.load(shares + at));
      const sample = between(v128.load(ABOVE + at), below, fy);
      v128.store(ABOVE + at, below);
      if (v < fromV) continue;
      const counted = at + 16 <= rowBytes ? everything : onlyFirst;
      const w = v128.and(v128.load(rowAt + at), counted);
      const t = v128.load(rowAt + at + bytes);
      const ws = f64x2.mul(w, sample);
      const wss = f64x2.mul(ws, sample);
      const wst = f64x2.mul(ws, t);
      sums = f64x2.add(sums, v128.shuffle<f64>(ws, wss, 0, 2));
      products = f64x2.add(products, v128.shuffle<f64>(wst, w, 0, 2));
      sums = f64x2.add(sums, v128.shuffle<f64>(ws, wss, 1, 3));
      products = f64x2.add(products, v128.shuffle<f64>(wst, w, 1, 3));
      const wt = f64x2.mul(w, t);
      const wtt = f64x2.mul(wt, t);
      own = f64x2.add(own, v128.shuffle<f64>(wt, wtt, 0, 2));
      own = f64x2.add(own, v128.shuffle<f64>(wt, wtt, 1, 3));
    }
    from += row;
  }
  const sw = f64x2.extract_lane(products, 1);
  if (sw <= 0) {
    store<f64>(match, 255, 16);
    store<f64>(match, 0, 24);
    return;
  }
  const mi = f64x2.extract_lane(sums, 0) / sw;
  const mt = f64x2.extract_lane(own, 0) / sw;
  const tt = f64x2.extract_lane(own, 1);
  const vi = Math.max(0, f64x2.extract_lane(sums, 1) / sw - mi * mi);
  const vt = Math.max(0, tt / sw - mt * mt);
  const cov = f64x2.extract_lane(products, 0) / sw - mi * mt;
  // The gain is held near 1: a flat patch must not explain a textured one, nor the reverse.
  const gain = Math.min(2, Math.max(0.5, cov / (vt + 0.5)));
  store<f64>(match, Math.sqrt(Math.max(0, vi - 2 * gain * cov + gain * gain * vt)), 16);
  store<f64>(match, cov / Math.sqrt((vi + 0.5) * (vt + 0.5)), 24);
}

/** Samples between two columns of one row of the plane, kept for the row below. */
const ABOVE: usize = memory.data(8 * 32, 16);
