import { writeNpy } from "../containers/npy.ts";
import { writeZip } from "../containers/zip.ts";

/** Nearest half's bits of a number below 65504 in size; for tests and measurements. */
export function halfOf(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  // Rounding up to the next power carries into the exponent by itself.
  return sign + ((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024);
}

export interface MadeField {
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly focalPx: number;
  /** Of the pictures, px between two places. */
  readonly stride: number;
  /** What goes down stands instead, and is called moving all the same, as their mask always does. */
  readonly stands?: boolean;
}

const CONTROL_POINTS = 10;

/**
 * A field as the offered script writes it: the camera goes 0.4 to the right over the clip past a wall at
 * depth 2 with a block at 1 before its middle; in the upper left a patch of the wall goes down by 0.3.
 */
export function makeFieldNpz({
  frames,
  rows,
  columns,
  focalPx,
  stride,
  stands,
}: MadeField): Uint8Array {
  const places = rows * columns;
  const ctrl = new Uint16Array(frames * CONTROL_POINTS * places * 3);
  const own = new Uint16Array(frames * places * 3);
  const moving = new Uint8Array(frames * places);
  const eyeX = (time: number) => 0.4 * time;
  for (let i = 0; i < frames; i++) {
    const time = i / (frames - 1);
    for (let p = 0; p < places; p++) {
      const u = ((p % columns) * stride - (columns * stride - 1) / 2) / focalPx;
      const v = (Math.floor(p / columns) * stride - (rows * stride - 1) / 2) / focalPx;
      const near = Math.abs(u + eyeX(time)) < 0.12 && Math.abs(v) < 0.12;
      const z = near ? 1 : 2;
      const [x, y] = [u * z + eyeX(time), v * z];
      const moves = !near && x < -0.3 && y - 0.3 * time < -0.2;
      moving[i * places + p] = moves ? 1 : 0;
      own.set([u * z, v * z, z].map(halfOf), 3 * (i * places + p));
      for (let k = 0; k < CONTROL_POINTS; k++) {
        // A straight course at an even pace: its Bézier points lie evenly on it.
        const down = moves && !stands ? 0.3 * (k / (CONTROL_POINTS - 1) - time) : 0;
        const at = 3 * ((i * CONTROL_POINTS + k) * places + p);
        ctrl[at] = halfOf(x);
        ctrl[at + 1] = halfOf(y + down);
        ctrl[at + 2] = halfOf(z);
      }
    }
  }
  const conf = new Uint16Array(frames * CONTROL_POINTS * places).fill(halfOf(2));
  const rgb = Uint8Array.from({ length: 3 * frames * places }, (_, i) => (i * 7) % 256);
  const times = Array.from({ length: frames }, (_, i) => i / (frames - 1));
  const size = [rows * stride, columns * stride];
  return writeZip(
    [
      halves("ctrl", [frames, CONTROL_POINTS, rows, columns, 3], ctrl),
      halves("conf", [frames, CONTROL_POINTS, rows, columns], conf),
      halves("own", [frames, rows, columns, 3], own),
      { name: "rgb.npy", bytes: writeNpy([frames, rows, columns, 3], "uint8", rgb) },
      { name: "moving.npy", bytes: writeNpy([frames, rows, columns], "bool", moving) },
      { name: "time.npy", bytes: writeNpy([frames], "float32", times) },
      { name: "source_size.npy", bytes: writeNpy([2], "int32", size) },
    ],
    0,
  );
}

function halves(name: string, shape: readonly number[], bits: Uint16Array) {
  const head = writeNpy([bits.length * 2], "uint8", []);
  const text = new TextDecoder("latin1").decode(head);
  const told = text.replace(
    /\{.*/s,
    `{'descr': '<f2', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`,
  );
  const header = `${told.padEnd(head.length - 1)}\n`;
  const bytes = new Uint8Array(header.length + bits.byteLength);
  for (let i = 0; i < header.length; i++) bytes[i] = header.charCodeAt(i);
  bytes.set(new Uint8Array(bits.buffer), header.length);
  return { name: `${name}.npy`, bytes };
}
