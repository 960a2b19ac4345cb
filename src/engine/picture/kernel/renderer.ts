import type { Frame, GrayFrame } from "../../../domain/clip.ts";
import { type PlanarPicture, planarFrom } from "../../../domain/planar-picture.ts";
import type { Picture, YuvColour } from "../picture.ts";
import type { Placement } from "../placement.ts";
import { blackTarget, storedWalk, yuvGains } from "../render.ts";
import { FIRST_PASS_BITS, type Taps, WEIGHT_BITS } from "../resample.ts";
import { type PictureScaling, type PlaneTaps, Scaling } from "../scaling.ts";

/** What `assembly/index.ts` exports. Numbers are addresses in `memory` unless their names say otherwise. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly FREE: WebAssembly.Global;
  resampleRows(
    from: number,
    stride: number,
    rowCount: number,
    blocks: number,
    blockCount: number,
    pairs: number,
    pairBytes: number,
    to: number,
    shift: number,
  ): void;
  resampleColumns(
    rows: number,
    width: number,
    taps: number,
    pairs: number,
    height: number,
    to: number,
    shift: number,
  ): void;
  readonly luma: Mix;
  readonly rgba: Mix;
}

type Mix = (
  y: number,
  u: number,
  v: number,
  count: number,
  to: number,
  black: number,
  gain: number,
  redV: number,
  greenU: number,
  greenV: number,
  blueU: number,
) => void;

/** What is wanted of a picture. */
export interface Wants {
  readonly picture: boolean;
  readonly planar?: boolean;
  readonly luma: boolean;
}

/** What is made of one picture: RGBA, the form to look at, and its luma, row-major, which may be the form's own. */
export interface Made {
  readonly rgba?: Frame["rgba"];
  readonly planar?: PlanarPicture;
  readonly gray?: GrayFrame["gray"];
}

/** Samples that the kernel scales across at once, and the bytes that it sees of a row for them. */
const BLOCK = 4;
const SEEN_BYTES = 16;
const PAGE = 65_536;
const KEPT_BITS = FIRST_PASS_BITS - 8;

/**
 * Renders stored pictures in WebAssembly: to the bit what `PictureRenderer` renders, and `grayFromFrame` of
 * it without the picture. Only of YUV with 8 bits, which nearly all clips are.
 */
export class KernelRenderer {
  private readonly code: KernelExports;
  private readonly scaling: Scaling;
  private next: number;
  private bytes: Uint8Array<ArrayBuffer>;
  /** Addresses of tables by what they are made of, and of work space by its use. */
  private readonly tables = new Map<Taps, Map<number, number>>();
  private readonly spaces = new Map<string, { readonly at: number; readonly length: number }>();

  /** `module` is compiled from `assembly/`. */
  constructor(module: WebAssembly.Module, placement: Placement) {
    this.code = new WebAssembly.Instance(module).exports as unknown as KernelExports;
    this.scaling = new Scaling(placement);
    this.next = this.code.FREE.value;
    this.bytes = new Uint8Array(this.code.memory.buffer);
  }

  /** Null for pictures of a kind that the kernel does not know. */
  render(picture: Picture, wants: Wants): Made | null {
    const { colour, bits, light, alpha, planes } = picture;
    if (colour === "rgb" || colour.matrix === "ycgco" || bits !== 8 || light || alpha) return null;
    const scaling = this.scaling.of(picture);
    const taps = planes.map((plane) => scaling.tapsOf(plane));
    if (!taps.every(fits)) return null;
    const scaled = taps.map((plane, c) => this.scale(`channel ${c}`, plane, scaling));
    // First of all: the kernel's memory may grow for it.
    const gray = wants.luma || wants.planar ? this.lumaOf(scaled, scaling, colour) : undefined;
    const rgba = wants.picture || wants.planar ? this.rgbaOf(scaled, scaling, colour) : null;
    const { size } = scaling.placement;
    return {
      ...(rgba && wants.planar && { planar: planarFrom({ rgba, size }, gray) }),
      ...(rgba && wants.picture && { rgba: this.own(rgba) }),
      ...(gray && wants.luma && { gray }),
    };
  }

  private own(rgba: Frame["rgba"]): Frame["rgba"] {
    return rgba.buffer === this.bytes.buffer ? rgba.slice() : rgba;
  }

  /** Valid until the next picture. */
  private rgbaOf(
    scaled: readonly number[],
    scaling: PictureScaling,
    colour: YuvColour,
  ): Frame["rgba"] {
    const { size, fitting } = scaling.placement;
    const at = this.mix("rgba", 4, scaled, scaling, colour);
    const whole = wholeLength(scaling);
    if (whole) return new Uint8ClampedArray(this.bytes.buffer, at, 4 * whole);
    const out = blackTarget(size, fitting.destination);
    const pixels = new Uint32Array(this.bytes.buffer, at, pitchOf(scaling.width) * scaling.height);
    place(pixels, scaling, new Uint32Array(out.buffer));
    return out;
  }

  private lumaOf(
    scaled: readonly number[],
    scaling: PictureScaling,
    colour: YuvColour,
  ): GrayFrame["gray"] {
    const { width, height } = scaling.placement.size;
    const at = this.mix("luma", 1, scaled, scaling, colour);
    const whole = wholeLength(scaling);
    if (whole) return this.bytes.slice(at, at + whole);
    const gray = new Uint8Array(width * height);
    place(this.bytes.subarray(at), scaling, gray);
    return gray;
  }

  /** Scales a plane to rows of bytes; gives where they lie, `pitchOf(width)` apart. */
  private scale(use: string, { rows, across, down }: PlaneTaps, scaling: PictureScaling): number {
    const { samples, offset, stride, step } = rows;
    const pitch = pitchOf(scaling.width);
    const first = down.start[0];
    const rowCount = down.start[scaling.height - 1] + down.count - first;
    const start = offset + first * stride;
    const part = (samples as Uint8Array).subarray(start, start + rowCount * stride);
    const from = this.space("stored", part.length + SEEN_BYTES + 2 * step * pairsOf(across));
    // One row more than there is: the second tap of a last pair.
    const between = this.space("rows", 2 * pitch * (rowCount + 1));
    const to = this.space(use, pitch * scaling.height);
    const blocks = this.table(across, step, () => this.blocksOf(across, step));
    const columns = this.table(down, 0, () => this.columnsOf(down));
    this.bytes.set(part, from);
    this.code.resampleRows(
      from,
      stride,
      rowCount,
      blocks,
      pitch / BLOCK,
      pairsOf(across),
      2 * step,
      between,
      WEIGHT_BITS - KEPT_BITS,
    );
    const shift = WEIGHT_BITS + KEPT_BITS;
    this.code.resampleColumns(between, pitch, columns, pairsOf(down), scaling.height, to, shift);
    return to;
  }

  /** Colours of the scaled planes, so many bytes each; gives where they lie, `pitchOf(width)` to a row. */
  private mix(
    to: "rgba" | "luma",
    byteCount: number,
    [y, u, v]: readonly number[],
    scaling: PictureScaling,
    colour: YuvColour,
  ): number {
    const { black, luma, redV, greenU, greenV, blueU } = yuvGains(colour);
    const count = pitchOf(scaling.width) * scaling.height;
    const at = this.space(to, byteCount * count);
    this.code[to](y, u, v, count, at, black, luma, redV, greenU, greenV, blueU);
    return at;
  }

  /** A table for `resampleRows`. */
  private blocksOf({ start, weights, count }: Taps, step: number): number {
    const width = start.length;
    const pairs = Math.ceil(count / 2);
    const size = 32 + 16 * pairs;
    const blockCount = pitchOf(width) / BLOCK;
    const at = this.reserve(size * blockCount);
    const view = new DataView(this.code.memory.buffer);
    for (let b = 0; b < blockCount; b++) {
      const block = at + b * size;
      const first = start[Math.min(b * BLOCK, width - 1)];
      view.setInt32(block, first * step, true);
      this.bytes.fill(0xff, block + 16, block + 32);
      for (let i = 0; i < BLOCK; i++) {
        const x = b * BLOCK + i;
        if (x >= width) continue;
        for (let k = 0; k < 2; k++) {
          // The high byte of each 16-bit tap is picked from nowhere: 0.
          this.bytes[block + 16 + 4 * i + 2 * k] = (start[x] - first + k) * step;
        }
        for (let k = 0; k < count; k++) {
          const lane = block + 32 + 16 * (k >> 1) + 4 * i + 2 * (k & 1);
          view.setInt16(lane, weights[x * count + k], true);
        }
      }
    }
    return at;
  }

  /** A table for `resampleColumns`. */
  private columnsOf({ start, weights, count }: Taps): number {
    const pairs = Math.ceil(count / 2);
    const size = 4 + 4 * pairs;
    const at = this.reserve(size * start.length);
    const view = new DataView(this.code.memory.buffer);
    for (let y = 0; y < start.length; y++) {
      view.setInt32(at + y * size, start[y] - start[0], true);
      for (let k = 0; k < count; k++) {
        view.setInt16(at + y * size + 4 + 2 * k, weights[y * count + k], true);
      }
    }
    return at;
  }

  private table(taps: Taps, step: number, make: () => number): number {
    const known = this.tables.get(taps) ?? new Map<number, number>();
    this.tables.set(taps, known);
    const at = known.get(step) ?? make();
    known.set(step, at);
    return at;
  }

  /** Work space of one use, as large as it ever needed to be. */
  private space(use: string, length: number): number {
    const known = this.spaces.get(use);
    if (known && known.length >= length) return known.at;
    const at = this.reserve(length);
    this.spaces.set(use, { at, length });
    return at;
  }

  /** Address of so many bytes, all 0. */
  private reserve(length: number): number {
    const at = this.next;
    this.next += (length + 15) & ~15;
    const missing = Math.ceil((this.next + SEEN_BYTES - this.bytes.length) / PAGE);
    if (missing > 0) {
      this.code.memory.grow(missing);
      this.bytes = new Uint8Array(this.code.memory.buffer);
    }
    return at;
  }
}

/** Samples of a picture that is scaled as it is shown, without borders and upright; else 0. */
function wholeLength({ placement, width, height }: PictureScaling): number {
  const { size, orientation, fitting } = placement;
  const { destination } = fitting;
  const isWhole = destination.width === size.width && destination.height === size.height;
  const isUpright = orientation.rotation === 0 && !orientation.flip;
  return isWhole && isUpright && pitchOf(width) === width ? width * height : 0;
}

/** Lays scaled samples upright where the picture is shown; what it does not cover stays. */
function place<S extends Uint8Array | Uint32Array>(
  scaled: S,
  { placement, width, height }: PictureScaling,
  out: S,
): void {
  const { size, orientation, fitting } = placement;
  const { destination } = fitting;
  const walk = storedWalk(width, height, orientation, destination, pitchOf(width));
  for (let j = 0; j < destination.height; j++) {
    let to = (destination.y + j) * size.width + destination.x;
    let from = walk.at + j * walk.byY;
    for (let i = 0; i < destination.width; i++, to++, from += walk.byX) out[to] = scaled[from];
  }
}

/** Samples from row to row of a scaled plane. */
function pitchOf(width: number): number {
  return (width + 7) & ~7;
}

function pairsOf({ count }: Taps): number {
  return Math.ceil(count / 2);
}

/** Whether both taps of a pair lie within the bytes that the kernel sees, for all samples of a block. */
function fits({ rows: { samples, step }, across: { start } }: PlaneTaps): boolean {
  if (!(samples instanceof Uint8Array)) return false;
  for (let x = 0; x < start.length; x += BLOCK) {
    const last = Math.min(x + BLOCK, start.length) - 1;
    if ((start[last] - start[x] + 1) * step >= SEEN_BYTES) return false;
  }
  return true;
}
