import { basisAt } from "../../domain/curve-basis.ts";
import { FormatError } from "../../domain/errors.ts";
import type { ImportedSpace, SpaceCloud } from "../../domain/imported-space.ts";
import { eyeOf, type PinholePath } from "../../domain/pinhole.ts";
import { MOVING, STATIC } from "../../domain/space-field.ts";
import { fitSimilarity } from "../../engine/space/similarity.ts";
import { HALF_NUMBERS } from "../containers/half.ts";
import { type NpyArray, type NpyBits, readNpy, readNpyBits } from "../containers/npy.ts";
import type { LoadedArrays } from "./common/types.ts";

/** Arrays of the file, all of one N×h×w field: see `load` below. */
const ARRAYS = ["ctrl", "conf", "own"] as const;
const TRACKS = "curves, projected";
const SEEN = "curves, seen";
/** Tracks that are made of the field, over all frames together. */
const MOST_TRACKS = 6000;
/** Places per frame that its camera is told from. */
const CAMERA_PLACES = 1500;
/** Deeper than the frame's own cloud by this share, a curve is hidden there. */
const HIDDEN_SHARE = 0.05;
const MOST_FRAMES = 512;
const WAY_OUT = "Make the file again with the script that Foretrack offers for it.";

export function isTraceAnything(names: ReadonlySet<string>): boolean {
  return ARRAYS.every((name) => names.has(`${name}.npy`));
}

/** The field as it lies in the file, halves as bits. N frames, K control points, h×w places a frame. */
interface Field {
  readonly shape: readonly [N: number, K: number, h: number, w: number];
  /** [N,K,h,w,3] world. */
  readonly ctrl: NpyBits;
  /** [N,K,h,w]. */
  readonly conf: NpyBits;
  /** [N,h,w,3] in the space of the frame's own camera, at its own time. */
  readonly own: NpyBits;
  /** [N] 0 to 1. */
  readonly timeN: ArrayLike<number>;
  /** Pixels of the picture between two places. */
  readonly stride: number;
  /** [N,h,w,3] 0 to 255, where the file has them. */
  readonly rgb: ArrayLike<number> | null;
}

/**
 * `field.npz`, made of Trace Anything's `output.pt` by the script that is offered for it:
 * `ctrl` [N,K,h,w,3] float16 world, `conf` [N,K,h,w] float16, `own` [N,h,w,3] float16 of the frame's own
 * camera, and `time` [N], `source_size` [2] (height, width) where they are told. Curves are cubic Bézier
 * pieces, K is 4, 7 or 10.
 *
 * - Camera of a frame: its own cloud at its own time in the world and before the camera are the same
 *   points, so rotation, place and scale are one weighted similarity in closed form; the focal length is
 *   the weighted median of (u − c)·Z/X.
 * - Tracks: places of all frames, evenly; at each frame's time through its camera, hidden where deeper
 *   than that frame's own cloud by more than 5 %.
 * @throws FormatError
 */
export function loadTraceAnything(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
): LoadedArrays {
  const field = fieldOf(files, name);
  const [N, , h, w] = field.shape;
  const size = { width: w * field.stride, height: h * field.stride };
  const scaled = camerasOf(field);
  const { positionsTN3, xyTN2, seenTN, count } = tracksOf(field, scaled.cameras);
  const cloud = cloudOf(field, scaled.cameras);
  const space: ImportedSpace = { cameras: scaled.cameras, positionsTN3, cloud };
  const arrays = new Map<string, NpyArray>([
    [TRACKS, { shape: [N, count, 2], dtype: "float32", data: xyTN2 }],
    [SEEN, { shape: [N, count], dtype: "uint8", data: seenTN }],
  ]);
  return {
    container: "npz",
    arrays,
    refused: [],
    hints: {
      looksLike: `Trace Anything field of ${N} frames, ${w}×${h} places`,
      ...{ tracks: TRACKS, axes: "TNC", units: "px", origin: "pixel-centre" },
      sourceSize: size,
      visibility: { array: SEEN, meaning: "visible", threshold: 0.5 },
      space,
      notes: [
        `${count} of ${N * h * w} curves are followed; cameras are told from each frame’s own cloud, focal length ${Math.round(scaled.focalPx)} px of ${size.width}.`,
      ],
    },
  };
}

function fieldOf(files: ReadonlyMap<string, Uint8Array>, name: string): Field {
  const bits = (key: string) =>
    readNpyBits(files.get(`${key}.npy`) ?? new Uint8Array(), `Array “${key}”`);
  const [ctrl, conf, own] = ARRAYS.map(bits);
  const [N, K, h, w, D] = ctrl.shape;
  const fits =
    ctrl.shape.length === 5 &&
    D === 3 &&
    N >= 2 &&
    N <= MOST_FRAMES &&
    h >= 4 &&
    w >= 4 &&
    conf.shape.join() === [N, K, h, w].join() &&
    own.shape.join() === [N, h, w, 3].join();
  if (!fits || ![4, 7, 10].includes(K)) {
    throw new FormatError(
      `“${name}” is no field: ctrl is ${ctrl.shape.join("×")}, conf ${conf.shape.join("×")}, own ${own.shape.join("×")}`,
      WAY_OUT,
    );
  }
  const small = (key: string) => {
    const bytes = files.get(`${key}.npy`);
    return bytes ? readNpy(bytes, `Array “${key}”`).data : undefined;
  };
  const times = small("time");
  const even = Array.from({ length: N }, (_, i) => i / (N - 1));
  const isTime = times?.length === N && times.every((time) => time >= 0 && time <= 1);
  const [height, width] = small("source_size") ?? [];
  const rgb = small("rgb");
  const stride = Math.round(width / w);
  const isStride = stride >= 1 && stride <= 16 && Math.abs(height / h - stride) < 1;
  return {
    shape: [N, K, h, w],
    ...{ ctrl, conf, own },
    timeN: times && isTime ? times : even,
    stride: isStride ? stride : 2,
    rgb: rgb && rgb.length === 3 * N * h * w ? rgb : null,
  };
}

/** Where the curve of place p of frame i is at a time, into `out`. */
function curveAt(
  { shape: [, K, h, w], ctrl }: Field,
  i: number,
  p: number,
  time: number,
  out: Float64Array,
) {
  const { first, weights } = basisAt("bezier", K, time);
  out.fill(0);
  for (let k = 0; k < 4; k++) {
    const at = 3 * ((i * K + first + k) * h * w + p);
    for (let c = 0; c < 3; c++) out[c] += weights[k] * HALF_NUMBERS[ctrl.bits[at + c]];
  }
}

/** x and y of a place, px of the picture: every so many-th pixel from the first on. */
function placeXy({ shape: [, , , w], stride }: Field, p: number): readonly [number, number] {
  return [(p % w) * stride, Math.floor(p / w) * stride];
}

function camerasOf(field: Field): { cameras: PinholePath; focalPx: number } {
  const {
    shape: [N, K, h, w],
    own,
    conf,
    timeN,
    stride,
  } = field;
  const centre = [(w * stride - 1) / 2, (h * stride - 1) / 2] as const;
  const every = Math.max(1, Math.floor((h * w) / CAMERA_PLACES));
  const rotationT9 = new Float32Array(9 * N);
  const translationT3 = new Float32Array(3 * N);
  const ratios: { value: number; weight: number }[] = [];
  const world = new Float64Array(3);
  for (let i = 0; i < N; i++) {
    const [from, to, weightN]: number[][] = [[], [], []];
    for (let p = i % every; p < h * w; p += every) {
      const at = 3 * (i * h * w + p);
      const [x, y, z] = [0, 1, 2].map((c) => HALF_NUMBERS[own.bits[at + c]]);
      curveAt(field, i, p, timeN[i], world);
      const weight = HALF_NUMBERS[conf.bits[i * K * h * w + p]];
      if (!(z > 1e-4) || !Number.isFinite(x + y + z + world[0] + world[1] + world[2])) continue;
      if (!(weight > 0) || !Number.isFinite(weight)) continue;
      from.push(x, y, z);
      to.push(...world);
      weightN.push(weight);
      const [u, v] = placeXy(field, p);
      if (Math.abs(u - centre[0]) > w * stride * 0.1 && Math.abs(x) > 1e-6) {
        ratios.push({ value: ((u - centre[0]) * z) / x, weight });
      }
      if (Math.abs(v - centre[1]) > h * stride * 0.1 && Math.abs(y) > 1e-6) {
        ratios.push({ value: ((v - centre[1]) * z) / y, weight });
      }
    }
    if (weightN.length < 16) {
      throw new FormatError(`Frame ${i + 1} of the field has no usable places`, WAY_OUT);
    }
    const { rotation9: R, shift } = fitSimilarity(from, to, weightN);
    for (let row = 0; row < 3; row++) {
      for (let c = 0; c < 3; c++) rotationT9[9 * i + 3 * row + c] = R[3 * c + row];
      translationT3[3 * i + row] = -(
        R[row] * shift[0] +
        R[3 + row] * shift[1] +
        R[6 + row] * shift[2]
      );
    }
  }
  const focalPx = weightedMedian(ratios);
  if (!(focalPx > 1 && focalPx < 1e5)) {
    throw new FormatError("The field tells no focal length", WAY_OUT);
  }
  const focalPxT = new Float32Array(N).fill(focalPx);
  return { cameras: { frameCount: N, focalPxT, centre, rotationT9, translationT3 }, focalPx };
}

function weightedMedian(items: readonly { value: number; weight: number }[]): number {
  const sorted = [...items].sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { value, weight } of sorted) {
    sum += weight;
    if (sum >= half) return value;
  }
  return Number.NaN;
}

function tracksOf(field: Field, cameras: PinholePath) {
  const {
    shape: [N, , h, w],
    timeN,
    stride,
  } = field;
  const step = Math.max(1, Math.ceil(Math.sqrt((N * h * w) / MOST_TRACKS)));
  const places: (readonly [frame: number, place: number])[] = [];
  for (let i = 0; i < N; i++) {
    for (let y = step >> 1; y < h; y += step) {
      for (let x = step >> 1; x < w; x += step) places.push([i, y * w + x]);
    }
  }
  const count = places.length;
  const positionsTN3 = new Float32Array(3 * N * count);
  const xyTN2 = new Float32Array(2 * N * count);
  const seenTN = new Uint8Array(N * count);
  const at = new Float64Array(3);
  const own = new Float64Array(3);
  const before = (t: number, place: Float64Array) => {
    const r = cameras.rotationT9.subarray(9 * t, 9 * t + 9);
    const s = cameras.translationT3.subarray(3 * t, 3 * t + 3);
    return [0, 1, 2].map(
      (c) => r[3 * c] * place[0] + r[3 * c + 1] * place[1] + r[3 * c + 2] * place[2] + s[c],
    );
  };
  for (let t = 0; t < N; t++) {
    const focal = cameras.focalPxT[t];
    places.forEach(([frame, place], n) => {
      const o = t * count + n;
      curveAt(field, frame, place, timeN[t], at);
      positionsTN3.set(at, 3 * o);
      const [X, Y, Z] = before(t, at);
      const [u, v] = [(focal * X) / Z + cameras.centre[0], (focal * Y) / Z + cameras.centre[1]];
      // What lies behind the camera has no place in its picture.
      xyTN2.set(Z > 1e-6 ? [u, v] : [Number.NaN, Number.NaN], 2 * o);
      const [column, row] = [Math.round(u / stride), Math.round(v / stride)];
      if (!(Z > 1e-6 && column >= 0 && row >= 0 && column < w && row < h)) return;
      curveAt(field, t, row * w + column, timeN[t], own);
      const [, , front] = before(t, own);
      seenTN[o] = Z <= (1 + HIDDEN_SHARE) * front ? 1 : 0;
    });
  }
  return { positionsTN3, xyTN2, seenTN, count };
}

/** A curve moves where its control points stray by more than this share of its distance (rms). */
const MOVES_SHARE = 0.01;

/**
 * All curves, what stands at its mean and what moves as it is. Theirs calls 5 to 60 % of every frame
 * moving, even of a still scene; here it is told by an absolute measure. Places that are not numbers are
 * left out.
 */
function cloudOf(field: Field, cameras: PinholePath): SpaceCloud {
  const {
    shape: [N, K, h, w],
    ctrl: { bits },
    timeN,
    rgb,
  } = field;
  const places = h * w;
  const all = N * places;
  const meanN3 = new Float32Array(3 * all);
  const kindN = new Uint8Array(all);
  const firstT = new Uint32Array(N + 1);
  for (let i = 0; i < N; i++) {
    firstT[i + 1] = firstT[i];
    const eye = eyeOf(cameras, i);
    for (let p = 0; p < places; p++) {
      const o = 3 * (i * places + p);
      let squares = 0;
      let far = 0;
      for (let c = 0; c < 3; c++) {
        let [sum, own] = [0, 0];
        for (let k = 0, at = 3 * (i * K * places + p) + c; k < K; k++, at += 3 * places) {
          const value = HALF_NUMBERS[bits[at]];
          sum += value;
          own += value * value;
        }
        const mean = sum / K;
        meanN3[o + c] = mean;
        squares += own / K - mean * mean;
        far += (mean - eye[c]) ** 2;
      }
      if (!Number.isFinite(squares + far)) continue;
      const moves = squares > MOVES_SHARE * MOVES_SHARE * far;
      kindN[i * places + p] = moves ? MOVING : STATIC;
      if (moves) firstT[i + 1]++;
    }
  }
  const stillCount = kindN.reduce((sum, kind) => sum + (kind === STATIC ? 1 : 0), 0);
  const stillN3 = new Float32Array(3 * stillCount);
  const stillRgbN3 = new Uint8Array(3 * stillCount).fill(150);
  const controlMK4 = new Uint16Array(4 * K * firstT[N]);
  const movingRgbM3 = new Uint8Array(3 * firstT[N]).fill(150);
  let [s, m] = [0, 0];
  for (let n = 0; n < all; n++) {
    if (kindN[n] !== MOVING) continue;
    const at = 3 * (Math.floor(n / places) * K * places + (n % places));
    for (let k = 0; k < K; k++) {
      for (let c = 0; c < 3; c++) controlMK4[4 * (m * K + k) + c] = bits[at + 3 * k * places + c];
    }
    if (rgb) for (let c = 0; c < 3; c++) movingRgbM3[3 * m + c] = rgb[3 * n + c];
    m++;
  }
  // Steps of a prime that does not divide the count meet every place once, from all over.
  const step = all % MIXING === 0 ? 1 : MIXING;
  for (let i = 0, n = 0; i < all; i++, n = (n + step) % all) {
    if (kindN[n] !== STATIC) continue;
    for (let c = 0; c < 3; c++) {
      stillN3[3 * s + c] = meanN3[3 * n + c];
      if (rgb) stillRgbN3[3 * s + c] = rgb[3 * n + c];
    }
    s++;
  }
  const timeT = Float32Array.from(timeN);
  return { stillN3, stillRgbN3, controlMK4, controlCount: K, movingRgbM3, firstT, timeT };
}

const MIXING = 7_368_787;
