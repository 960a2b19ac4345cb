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
/** Whether all of them do. */
let isWhole: bool = false;
/** Where between two columns of the plane each column of the patch lies; so the last row and the others. */
const SHARES: usize = memory.data(4 * 40, 16);
let share: f32 = 0;
let lastShare: f32 = 0;
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
  isWhole = fromU == 0 && fromV == 0 && toU == side(patch) && toV == side(patch);
  const across = left - Math.floor(left);
  const down = top - Math.floor(top);
  const lastAcross = Math.min(across, across + right - RIM - <f64>(toU - 1));
  const lastDown = Math.min(down, down + bottom - RIM - <f64>(toV - 1));
  const quad = f32x4.splat(<f32>across);
  for (let at: usize = 0, end = <usize>pitch(patch) << 2; at < end; at += 16) {
    v128.store(SHARES + at, quad);
  }
  if (toU > 0) store<f32>(SHARES + (<usize>(toU - 1) << 2), <f32>lastAcross);
  share = <f32>down;
  lastShare = <f32>lastDown;
  isAtRim = lastAcross != across || lastDown != down;
}

/** All bits of those of the four columns from `u` on that lie in the plane. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function inside(u: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(toU - u));
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
  const upper = mixed(v128.load(CELL), v128.load(CELL, 16), fx);
  const lower = mixed(v128.load(CELL, 32), v128.load(CELL, 48), fx);
  const sums = mixed(upper, lower, fy);
  sumX = f64x2.extract_lane(sums, 0);
  sumY = f64x2.extract_lane(sums, 1);
}

function mixed(a: v128, b: v128, portion: f64): v128 {
  return f64x2.add(a, f64x2.mul(f64x2.splat(portion), f64x2.sub(b, a)));
}

/** Only what of the patch lies in the plane counts: see findInside. */
function sumCell(patch: usize, plane: usize, ix: i32, iy: i32): void {
  const row = <usize>width(plane) << 2;
  const bytes = arrayBytes(patch);
  const value = patch + ARRAYS + 2 * bytes;
  let x00 = f32x4.splat(0);
  let x01 = f32x4.splat(0);
  let x10 = f32x4.splat(0);
  let x11 = f32x4.splat(0);
  let y00 = f32x4.splat(0);
  let y01 = f32x4.splat(0);
  let y10 = f32x4.splat(0);
  let y11 = f32x4.splat(0);
  let xt = f32x4.splat(0);
  let yt = f32x4.splat(0);
  for (let v = fromV; v < toV; v++) {
    let i = plane + PLANE_DATA + (<usize>((iy + v) * width(plane) + ix + fromU) << 2);
    let k = value + (<usize>(v * pitch(patch) + fromU) << 2);
    for (let u = fromU; u < toU; u += 4) {
      let gx = v128.load(k + bytes);
      let gy = v128.load(k + 2 * bytes);
      if (!isWhole) {
        const counted = inside(u);
        gx = v128.and(gx, counted);
        gy = v128.and(gy, counted);
        xt = f32x4.add(xt, f32x4.mul(gx, v128.load(k)));
        yt = f32x4.add(yt, f32x4.mul(gy, v128.load(k)));
      }
      const a = v128.load(i);
      x00 = f32x4.add(x00, f32x4.mul(gx, a));
      y00 = f32x4.add(y00, f32x4.mul(gy, a));
      const b = v128.load(i, 4);
      x01 = f32x4.add(x01, f32x4.mul(gx, b));
      y01 = f32x4.add(y01, f32x4.mul(gy, b));
      const c = v128.load(i + row);
      x10 = f32x4.add(x10, f32x4.mul(gx, c));
      y10 = f32x4.add(y10, f32x4.mul(gy, c));
      const d = v128.load(i + row, 4);
      x11 = f32x4.add(x11, f32x4.mul(gx, d));
      y11 = f32x4.add(y11, f32x4.mul(gy, d));
      i += 16;
      k += 16;
    }
  }
  const own = isWhole ? v128.load(patch, SUM_GT) : lanes(xt, yt);
  v128.store(CELL, f64x2.sub(lanes(x00, y00), own));
  v128.store(CELL, f64x2.sub(lanes(x01, y01), own), 16);
  v128.store(CELL, f64x2.sub(lanes(x10, y10), own), 32);
  v128.store(CELL, f64x2.sub(lanes(x11, y11), own), 48);
}

/** The sums of one place alone. */
function sumAtRim(patch: usize, plane: usize, ix: i32, iy: i32): void {
  const row = <usize>width(plane) << 2;
  const bytes = arrayBytes(patch);
  sumX = 0;
  sumY = 0;
  for (let v = fromV; v < toV; v++) {
    const fy = <f64>(v == toV - 1 ? lastShare : share);
    for (let u = fromU; u < toU; u++) {
      const i = plane + PLANE_DATA + (<usize>((iy + v) * width(plane) + ix + u) << 2);
      const k = patch + ARRAYS + 2 * bytes + (<usize>(v * pitch(patch) + u) << 2);
      const fx = <f64>load<f32>(SHARES + (<usize>u << 2));
      const a = <f64>load<f32>(i);
      const b = <f64>load<f32>(i, 4);
      const c = <f64>load<f32>(i + row);
      const d = <f64>load<f32>(i + row, 4);
      const first = a + fy * (c - a);
      const difference = first + fx * (b + fy * (d - b) - first) - <f64>load<f32>(k);
      sumX += <f64>load<f32>(k + bytes) * difference;
      sumY += <f64>load<f32>(k + 2 * bytes) * difference;
    }
  }
}

/**
 * Fills the match's rms and correlation for the patch at the match's x and y of `plane`. Samples are summed
 * as they differ from the patch's mean: 32 bits would not tell plain ground from squares of its grey.
 */
export function comparePatch(match: usize, patch: usize, plane: usize): void {
  const left = load<f64>(match) - <f64>radius(patch);
  const top = load<f64>(match, 8) - <f64>radius(patch);
  findInside(patch, plane, left, top);
  const ix = <i32>Math.floor(left);
  const iy = <i32>Math.floor(top);
  const row = <usize>width(plane) << 2;
  const value = patch + ARRAYS + 2 * arrayBytes(patch);
  const weight = weights(patch);
  const centre = f32x4.splat(<f32>load<f64>(patch, CENTRE));
  let from = plane + PLANE_DATA + (<usize>((iy + fromV) * width(plane) + ix + fromU) << 2);
  // Of samples s of the plane and t of the patch, weighted by w.
  let ws = f32x4.splat(0);
  let wss = f32x4.splat(0);
  let wst = f32x4.splat(0);
  let w1 = f32x4.splat(0);
  let wt = f32x4.splat(0);
  let wtt = f32x4.splat(0);
  for (let v = fromV - 1; v < toV; v++) {
    const fy = f32x4.splat(v == toV - 1 ? lastShare : share);
    let k = <usize>(v * pitch(patch) + fromU) << 2;
    let above = ABOVE;
    let across = SHARES + (<usize>fromU << 2);
    let i = from;
    for (let u = fromU; u < toU; u += 4) {
      const below = between(v128.load(i), v128.load(i, 4), v128.load(across));
      if (v >= fromV) {
        const s = f32x4.sub(between(v128.load(above), below, fy), centre);
        const t = f32x4.sub(v128.load(value + k), centre);
        let w = v128.load(weight + k);
        if (!isWhole) {
          w = v128.and(w, inside(u));
          const own = f32x4.mul(w, t);
          w1 = f32x4.add(w1, w);
          wt = f32x4.add(wt, own);
          wtt = f32x4.add(wtt, f32x4.mul(own, t));
        }
        const weighed = f32x4.mul(w, s);
        ws = f32x4.add(ws, weighed);
        wss = f32x4.add(wss, f32x4.mul(weighed, s));
        wst = f32x4.add(wst, f32x4.mul(weighed, t));
      }
      v128.store(above, below);
      above += 16;
      across += 16;
      i += 16;
      k += 16;
    }
    from += row;
  }
  const sw = isWhole ? load<f64>(patch, SUM_W) : sumOf(w1);
  if (sw <= 0) {
    store<f64>(match, 255, 16);
    store<f64>(match, 0, 24);
    return;
  }
  const mi = sumOf(ws) / sw;
  const mt = (isWhole ? load<f64>(patch, SUM_D) : sumOf(wt)) / sw;
  const tt = isWhole ? load<f64>(patch, SUM_DD) : sumOf(wtt);
  const vi = Math.max(0, sumOf(wss) / sw - mi * mi);
  const vt = Math.max(0, tt / sw - mt * mt);
  const cov = sumOf(wst) / sw - mi * mt;
  // The gain is held near 1: a flat patch must not explain a textured one, nor the reverse.
  const gain = Math.min(2, Math.max(0.5, cov / (vt + 0.5)));
  store<f64>(match, Math.sqrt(Math.max(0, vi - 2 * gain * cov + gain * gain * vt)), 16);
  store<f64>(match, cov / Math.sqrt((vi + 0.5) * (vt + 0.5)), 24);
}

/** Samples between two columns of one row of the plane, kept for the row below. */
const ABOVE: usize = memory.data(4 * 40, 16);
