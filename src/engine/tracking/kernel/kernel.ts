import type { GrayFrame, Size } from "../../../domain/clip.ts";

/** What `assembly/index.ts` exports. Numbers are addresses in `memory` unless their names say otherwise. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly FREE: WebAssembly.Global;
  halve(from: number, to: number, rows: number): void;
  halveBytes(from: number, width: number, height: number, to: number, rows: number): void;
  widen(from: number, to: number): void;
  cutPatch(
    patch: number,
    plane: number,
    x: number,
    y: number,
    m0: number,
    m1: number,
    m2: number,
    m3: number,
    invariant: number,
  ): void;
  alignPatch(
    match: number,
    patch: number,
    plane: number,
    priorX: number,
    priorY: number,
    pull: number,
    iterations: number,
  ): void;
  comparePatch(match: number, patch: number, plane: number): void;
}

/** One image of 32-bit luma samples in the kernel's memory. */
export interface Plane {
  readonly at: number;
  readonly width: number;
  readonly height: number;
}

/** levels[l] is the frame at 1/2^(l+1) of its size. */
export interface Pyramid {
  readonly levels: readonly Plane[];
}

export interface PatchOptions {
  readonly radius: number;
  /** Standard deviation of the window over its radius; Infinity: a flat window. */
  readonly spread: number;
  /** Whether a change of brightness or contrast moves nothing; false: plain differences. */
  readonly invariant: boolean;
}

/** Offset in the source frame = (m0 u + m1 v, m2 u + m3 v) for a patch offset (u, v). */
export type Warp = Float64Array;
export const IDENTITY_WARP: Warp = Float64Array.of(1, 0, 0, 1);

// Sizes and fields in bytes, as in assembly/layout.ts.
const PLANE_DATA = 16;
const HXX = 24;
const PATCH_ARRAYS = 96;
const MATCH_BYTES = 32;
/** What may be read of the memory behind a plane, beside one more row. */
const GUARD = 64;
const PAGE = 65_536;
const LEAST_GROWTH = 64;
/** Smaller levels hold too few pixels for a patch. */
const MIN_SIDE = 24;

/**
 * The inner loops of the tracker in WebAssembly and the memory that they work on: pictures as planes,
 * square patches cut from them, and where a patch is found again.
 */
export class TrackingKernel {
  readonly #code: KernelExports;
  #next = 0;
  #bytes = new Uint8Array(0);
  #numbers = new Float64Array(0);
  /** Whose place the next pyramids of their size take. */
  #given: Pyramid[] = [];

  /** `module` is compiled from `assembly/`. */
  constructor(module: WebAssembly.Module) {
    this.#code = new WebAssembly.Instance(module).exports as unknown as KernelExports;
    this.clear();
  }

  /** Forgets all that was made before. */
  clear(): void {
    this.#next = this.#code.FREE.value;
    this.#given = [];
    this.#look();
  }

  /** The pyramid is not to be used any more: a later one of the same size takes its place. */
  giveBack(pyramid: Pyramid): void {
    this.#given.push(pyramid);
  }

  createMatch(): Match {
    return new Match(this, this.#reserve(MATCH_BYTES));
  }

  createPatch(options: PatchOptions): Patch {
    const { radius, spread } = options;
    const side = 2 * radius + 1;
    const pitch = (side + 3) & ~3;
    // Five arrays; then the samples with a rim of one pixel, and the row that comes after them.
    const length = 5 * side * pitch + (side + 3) * (pitch + 4);
    const at = this.#reserve(PATCH_ARRAYS + 4 * length);
    new Int32Array(this.#code.memory.buffer).set([radius, side, pitch], at >> 2);
    const window = new Float32Array(this.#code.memory.buffer, at + PATCH_ARRAYS, side * pitch);
    let windowSum = 0;
    for (let v = -radius, row = 0; v <= radius; v++, row += pitch) {
      for (let u = -radius; u <= radius; u++) {
        const weight = Math.fround(Math.exp(-(u * u + v * v) / (2 * (spread * radius) ** 2)));
        window[row + u + radius] = weight;
        windowSum += weight;
      }
    }
    return new Patch(this, at, options, windowSum);
  }

  /** At most `count` levels, the first at half size. */
  buildPyramid({ gray, size }: GrayFrame, count: number): Pyramid {
    const { levels } = this.#takeGiven(size, count) ?? this.#reservePyramid(size, count);
    const code = this.#code;
    this.#during(() => {
      const from = this.#place(gray);
      // Of 8-bit samples the rows between both passes take 16 bits, of the others 32.
      const rows = this.#reserve(size.width * size.height);
      code.halveBytes(from, size.width, size.height, levels[0].at, rows);
      for (let i = 1; i < levels.length; i++) code.halve(levels[i - 1].at, levels[i].at, rows);
    });
    return { levels };
  }

  /** The frame itself, for matching at full size. */
  fullPlane({ gray, size }: GrayFrame): Plane {
    const plane = this.#reservePlane(size.width, size.height);
    this.#during(() => this.#code.widen(this.#place(gray), plane.at));
    return plane;
  }

  /** A copy of the plane's samples, row-major. */
  samplesOf({ at, width, height }: Plane): Float32Array {
    return new Float32Array(this.#code.memory.buffer, at + PLANE_DATA, width * height).slice();
  }

  /** Cuts `patch` around (x, y) of `plane`, in its pixels, through a warp. */
  cut(patch: Patch, plane: Plane, x: number, y: number, warp: Warp): void {
    const invariant = patch.options.invariant ? 1 : 0;
    this.#code.cutPatch(patch.at, plane.at, x, y, warp[0], warp[1], warp[2], warp[3], invariant);
  }

  /**
   * Moves `match` from where it is to where `plane` looks like the patch. `pull` (grey²/px²) draws it
   * to (priorX, priorY) in the directions that the patch itself does not decide.
   */
  align(
    match: Match,
    patch: Patch,
    plane: Plane,
    priorX: number,
    priorY: number,
    pull: number,
    iterations: number,
  ): void {
    this.#code.alignPatch(match.at, patch.at, plane.at, priorX, priorY, pull, iterations);
  }

  /** Finds how well the patch fits where `match` is. */
  compare(match: Match, patch: Patch, plane: Plane): void {
    this.#code.comparePatch(match.at, patch.at, plane.at);
  }

  /** The 64-bit number at an address. */
  read(at: number): number {
    return this.#numbers[at >> 3];
  }

  write(at: number, value: number): void {
    this.#numbers[at >> 3] = value;
  }

  #takeGiven({ width, height }: Size, count: number): Pyramid | undefined {
    const at = this.#given.findIndex(
      ({ levels: [first, ...more] }) =>
        first.width === width >> 1 && first.height === height >> 1 && more.length < count,
    );
    return at < 0 ? undefined : this.#given.splice(at, 1)[0];
  }

  #reservePyramid({ width, height }: Size, count: number): Pyramid {
    const levels = [this.#reservePlane(width >> 1, height >> 1)];
    while (levels.length < count) {
      const last = levels[levels.length - 1];
      if (Math.min(last.width, last.height) < 2 * MIN_SIDE) break;
      levels.push(this.#reservePlane(last.width >> 1, last.height >> 1));
    }
    return { levels };
  }

  #reservePlane(width: number, height: number): Plane {
    const at = this.#reserve(PLANE_DATA + 4 * width * (height + 1) + GUARD);
    new Int32Array(this.#code.memory.buffer).set([width, height], at >> 2);
    return { at, width, height };
  }

  #place(bytes: Uint8Array): number {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
    return at;
  }

  /** What `work` reserves is free again afterwards. */
  #during(work: () => void): void {
    const before = this.#next;
    work();
    this.#next = before;
  }

  /** Address of so many bytes, all 0. */
  #reserve(byteLength: number): number {
    const at = this.#next;
    this.#next += (byteLength + 15) & ~15;
    const missing = Math.ceil((this.#next + GUARD - this.#bytes.length) / PAGE);
    if (missing > 0) {
      this.#code.memory.grow(Math.max(missing, LEAST_GROWTH));
      this.#look();
    }
    this.#bytes.fill(0, at, this.#next);
    return at;
  }

  /** Memory that has grown is seen through new views only. */
  #look(): void {
    const { buffer } = this.#code.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#numbers = new Float64Array(buffer);
  }
}

/** Where a patch is in a plane, in its pixels, and how well it fits there. */
export class Match {
  constructor(
    private readonly kernel: TrackingKernel,
    readonly at: number,
  ) {}

  get x(): number {
    return this.kernel.read(this.at);
  }

  get y(): number {
    return this.kernel.read(this.at + 8);
  }

  /** Root mean square of what brightness and contrast do not explain, grey levels. */
  get rms(): number {
    return this.kernel.read(this.at + 16);
  }

  /** Weighted correlation of the patch and the picture, −1 to 1. */
  get correlation(): number {
    return this.kernel.read(this.at + 24);
  }

  moveTo(x: number, y: number): void {
    this.kernel.write(this.at, x);
    this.kernel.write(this.at + 8, y);
  }

  set(x: number, y: number, rms: number, correlation: number): void {
    this.moveTo(x, y);
    this.kernel.write(this.at + 16, rms);
    this.kernel.write(this.at + 24, correlation);
  }
}

/**
 * A square patch prepared for inverse-compositional alignment (Baker & Matthews 2004). Gradients are
 * window-weighted and, where it is invariant, made orthogonal to a constant and to the patch itself.
 */
export class Patch {
  constructor(
    private readonly kernel: TrackingKernel,
    readonly at: number,
    readonly options: PatchOptions,
    /** Sum of the window. */
    readonly windowSum: number,
  ) {}

  /** Mean squared gradient (grey²/px²) in the direction where the patch holds most of it. */
  get mostTexture(): number {
    return (0.5 * (this.#trace() + this.#spread())) / this.windowSum;
  }

  /** Mean squared gradient (grey²/px²) in the direction where the patch holds least of it. */
  get leastTexture(): number {
    return Math.max(0, 0.5 * (this.#trace() - this.#spread())) / this.windowSum;
  }

  #trace(): number {
    return this.kernel.read(this.at + HXX) + this.kernel.read(this.at + HXX + 16);
  }

  #spread(): number {
    const hxx = this.kernel.read(this.at + HXX);
    const hxy = this.kernel.read(this.at + HXX + 8);
    const hyy = this.kernel.read(this.at + HXX + 16);
    return Math.sqrt((hxx - hyy) ** 2 + 4 * hxy * hxy);
  }
}
