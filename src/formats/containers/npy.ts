import { FormatError } from "../../domain/errors.ts";
import { halfToNumber } from "./half.ts";

/**
 * NumPy's .npy format, versions 1 to 3: magic, version, header length, a Python dict literal with
 * descr, fortran_order and shape, then the values.
 */
export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

export type NpyDtype =
  | "float16"
  | "float32"
  | "float64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool";

export interface NpyArray {
  readonly shape: readonly number[];
  /** As stored. float16 is read into Float32Array, 64-bit integers into Float64Array. */
  readonly dtype: NpyDtype;
  /** C order, whatever the file's order. */
  readonly data: NpyData;
}

/** Values in one array: 1 GB as float64, more than 300 dense frames of a tracker at 416×240. */
export const MAX_NPY_VALUES = 1 << 27;
const MAX_HEADER_BYTES = 65_536;
const MAX_DIMENSIONS = 8;

const DTYPES: Record<string, NpyDtype> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  b1: "bool",
};

export const NUMPY_WAY_OUT =
  "Save it again as plain numbers: np.savez('tracks.npz', tracks=tracks.astype('float32'), visibility=visibility).";

export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 10 && bytes[0] === 0x93 && latin1(bytes.subarray(1, 6)) === "NUMPY";
}

/**
 * Reads one .npy file. `label` names it in messages.
 * @throws FormatError for object and structured arrays, unknown types, sizes out of bounds and
 * files shorter or longer than their header says.
 */
export function readNpy(bytes: Uint8Array, label = "The file"): NpyArray {
  if (!isNpy(bytes)) throw new FormatError(`${label} is not a .npy file`, NUMPY_WAY_OUT);
  const { descr, fortran, shape, dataStart } = readHeader(bytes, label);
  const dtype = dtypeOf(descr, label);
  const itemBytes = Number(descr.slice(2));
  const count = requireLength(bytes.length - dataStart, shape, itemBytes, label);
  const data = readValues(bytes.subarray(dataStart), dtype, descr[0] !== ">", count, label);
  return { shape, dtype, data: fortran && shape.length > 1 ? fortranToC(data, shape) : data };
}

/** An array of halves as it is stored: numbers by `HALF_NUMBERS`, nothing unpacked. */
export interface NpyBits {
  readonly shape: readonly number[];
  readonly bits: Uint16Array;
}

/**
 * Reads one .npy file of little-endian float16 in C order without unpacking it; copies only where the
 * bytes lie at an odd place.
 * @throws FormatError for other types, and as `readNpy`.
 */
export function readNpyBits(bytes: Uint8Array, label = "The file"): NpyBits {
  if (!isNpy(bytes)) throw new FormatError(`${label} is not a .npy file`, NUMPY_WAY_OUT);
  const { descr, fortran, shape, dataStart } = readHeader(bytes, label);
  if (dtypeOf(descr, label) !== "float16" || descr[0] === ">" || fortran) {
    throw new FormatError(
      `${label} has values of type ${descr.slice(0, 20)}, not float16 in C order`,
      "Save it with .astype('float16').",
    );
  }
  requireLength(bytes.length - dataStart, shape, 2, label);
  const start = bytes.byteOffset + dataStart;
  const count = (bytes.length - dataStart) / 2;
  if (start % 2 === 0) return { shape, bits: new Uint16Array(bytes.buffer, start, count) };
  // Not by `slice`, which in Node's Buffer gives a view of the same memory.
  return { shape, bits: new Uint16Array(new Uint8Array(bytes.subarray(dataStart)).buffer) };
}

function requireLength(
  bytes: number,
  shape: readonly number[],
  itemBytes: number,
  label: string,
): number {
  const count = shape.reduce((product, n) => product * n, 1);
  if (!Number.isSafeInteger(count) || count > MAX_NPY_VALUES) {
    throw new FormatError(
      `${label} has ${shape.join("×")} values, more than can be read here`,
      `Save fewer frames or points: at most ${MAX_NPY_VALUES} values.`,
    );
  }
  if (bytes !== count * itemBytes) {
    throw new FormatError(
      `${label} should hold ${count * itemBytes} bytes of values and holds ${bytes}`,
      "The file is cut off or damaged: save it again.",
    );
  }
  return count;
}

function readHeader(bytes: Uint8Array, label: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  const wide = major >= 2;
  if (major < 1 || major > 3 || (wide && bytes.length < 12)) {
    throw new FormatError(`${label} has .npy version ${major}, which is unknown`, NUMPY_WAY_OUT);
  }
  const headerBytes = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const dataStart = (wide ? 12 : 10) + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || dataStart > bytes.length) {
    throw new FormatError(`${label} has a damaged .npy header`, "Save the file again.");
  }
  const header = latin1(bytes.subarray(wide ? 12 : 10, dataStart));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (descr === undefined && /'descr'\s*:\s*\[/.test(header)) {
    throw new FormatError(`${label} is a structured array (named columns)`, NUMPY_WAY_OUT);
  }
  if (descr === undefined || order === undefined || shapeText === undefined) {
    throw new FormatError(`${label} has a damaged .npy header`, "Save the file again.");
  }
  const shape = shapeText
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  if (shape.length > MAX_DIMENSIONS) {
    throw new FormatError(`${label} has ${shape.length} dimensions`, NUMPY_WAY_OUT);
  }
  return { descr, fortran: order === "True", shape, dataStart };
}

function dtypeOf(descr: string, label: string): NpyDtype {
  if (descr.includes("O")) {
    throw new FormatError(
      `${label} is an object array, which runs as a program when opened and is refused`,
      NUMPY_WAY_OUT,
    );
  }
  const dtype = /^[<>|=]/.test(descr) ? DTYPES[descr.slice(1)] : undefined;
  if (dtype === undefined || !Object.hasOwn(DTYPES, descr.slice(1))) {
    throw new FormatError(`${label} has values of type ${descr.slice(0, 20)}`, NUMPY_WAY_OUT);
  }
  return dtype;
}

function readValues(
  bytes: Uint8Array,
  dtype: NpyDtype,
  little: boolean,
  count: number,
  label: string,
): NpyData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fill = <A extends NpyData>(out: A, value: (i: number) => number): A => {
    for (let i = 0; i < count; i++) out[i] = value(i);
    return out;
  };
  switch (dtype) {
    case "float16":
      return fill(new Float32Array(count), (i) => halfToNumber(view.getUint16(2 * i, little)));
    case "float32":
      return fill(new Float32Array(count), (i) => view.getFloat32(4 * i, little));
    case "float64":
      return fill(new Float64Array(count), (i) => view.getFloat64(8 * i, little));
    case "int8":
      return new Int8Array(bytes.slice(0, count).buffer);
    case "int16":
      return fill(new Int16Array(count), (i) => view.getInt16(2 * i, little));
    case "int32":
      return fill(new Int32Array(count), (i) => view.getInt32(4 * i, little));
    case "uint8":
      return bytes.slice(0, count);
    case "bool":
      return fill(new Uint8Array(count), (i) => (bytes[i] ? 1 : 0));
    case "uint16":
      return fill(new Uint16Array(count), (i) => view.getUint16(2 * i, little));
    case "uint32":
      return fill(new Uint32Array(count), (i) => view.getUint32(4 * i, little));
    case "int64":
      return fill(new Float64Array(count), (i) => exact(view.getBigInt64(8 * i, little), i, label));
    case "uint64":
      return fill(new Float64Array(count), (i) =>
        exact(view.getBigUint64(8 * i, little), i, label),
      );
  }
}

function exact(value: bigint, index: number, label: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new FormatError(
    `${label} holds ${value} at value ${index}, too large to be a position`,
    "Check that the file holds tracks.",
  );
}

function fortranToC(data: NpyData, shape: readonly number[]): NpyData {
  const out = data.slice();
  const strides = shape.map((_, d) => shape.slice(0, d).reduce((product, n) => product * n, 1));
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    out[to] = data[from];
    for (let d = shape.length - 1; d >= 0; d--) {
      from += strides[d];
      if (++index[d] < shape[d]) break;
      from -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return out;
}

const WRITTEN = {
  float32: "<f4",
  float64: "<f8",
  int32: "<i4",
  int64: "<i8",
  uint8: "|u1",
  bool: "|b1",
};
export type WrittenDtype = keyof typeof WRITTEN;

/** Writes a .npy file, version 1, C order. 64-bit integers are taken from safe whole numbers. */
export function writeNpy(
  shape: readonly number[],
  dtype: WrittenDtype,
  values: ArrayLike<number>,
): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '${WRITTEN[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take 10 bytes; values start at a multiple of 64.
  const header = `${dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11)}\n`;
  const itemBytes = Number(WRITTEN[dtype].slice(2));
  const bytes = new Uint8Array(10 + header.length + values.length * itemBytes);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
  const view = new DataView(bytes.buffer, 10 + header.length);
  const put = setter(view, dtype);
  for (let i = 0; i < values.length; i++) put(i * itemBytes, values[i]);
  return bytes;
}

function setter(view: DataView, dtype: WrittenDtype): (offset: number, value: number) => void {
  switch (dtype) {
    case "float32":
      return (offset, value) => view.setFloat32(offset, value, true);
    case "float64":
      return (offset, value) => view.setFloat64(offset, value, true);
    case "int32":
      return (offset, value) => view.setInt32(offset, value, true);
    case "int64":
      return (offset, value) => view.setBigInt64(offset, BigInt(value), true);
    case "uint8":
    case "bool":
      return (offset, value) => view.setUint8(offset, value);
  }
}

export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return text;
}
