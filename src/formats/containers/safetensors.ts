import { FormatError } from "../../domain/errors.ts";
import { halfToNumber } from "./half.ts";
import { MAX_NPY_VALUES, type NpyArray, type NpyDtype } from "./npy.ts";
import { parseJsonText } from "./safe-json.ts";

/**
 * Safetensors: 8 bytes with the header's length, little endian; a JSON header
 * {"name": {"dtype", "shape", "data_offsets": [from, to]}, "__metadata__": …}; the values.
 */
const MAX_HEADER_BYTES = 1 << 20;
const MAX_TENSORS = 64;
const WAY_OUT = "The file is cut off or damaged: save or download it again.";

type Read = (view: DataView, at: number) => number;
interface Kind {
  readonly dtype: NpyDtype;
  readonly bytes: number;
  readonly read: Read;
}

const KINDS: Readonly<Record<string, Kind>> = {
  F64: { dtype: "float64", bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { dtype: "float32", bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  F16: { dtype: "float16", bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  BF16: { dtype: "float32", bytes: 2, read: bfloat },
  I64: { dtype: "int64", bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  I32: { dtype: "int32", bytes: 4, read: (view, at) => view.getInt32(at, true) },
  I16: { dtype: "int16", bytes: 2, read: (view, at) => view.getInt16(at, true) },
  I8: { dtype: "int8", bytes: 1, read: (view, at) => view.getInt8(at) },
  U8: { dtype: "uint8", bytes: 1, read: (view, at) => view.getUint8(at) },
  BOOL: { dtype: "bool", bytes: 1, read: (view, at) => (view.getUint8(at) ? 1 : 0) },
};

export function startsSafetensors(head: Uint8Array): boolean {
  const length = headerBytes(head);
  return length > 1 && length <= MAX_HEADER_BYTES && head[8] === 0x7b && /["}\s]/.test(char(head));
}

function char(head: Uint8Array): string {
  return String.fromCharCode(head[9]);
}

function headerBytes(bytes: Uint8Array): number {
  if (bytes.length < 10) return 0;
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
}

/**
 * All arrays of the file by name; `onRefused` hears of those of a type that is not read.
 * @throws FormatError for a damaged file.
 */
export function readSafetensors(
  bytes: Uint8Array,
  onRefused: (name: string, reason: string) => void,
): Map<string, NpyArray> {
  const start = 8 + headerBytes(bytes);
  if (!startsSafetensors(bytes) || start > bytes.length) {
    throw new FormatError("The safetensors header is damaged", WAY_OUT);
  }
  const header = parseJsonText(new TextDecoder().decode(bytes.subarray(8, start)));
  const entries = Object.entries(header as Record<string, unknown>).filter(
    ([name]) => name !== "__metadata__",
  );
  if (entries.length > MAX_TENSORS) {
    throw new FormatError(
      `The file holds ${entries.length} arrays`,
      `Save only the tracks: at most ${MAX_TENSORS} arrays.`,
    );
  }
  const values = bytes.subarray(start);
  const arrays = new Map<string, NpyArray>();
  for (const [name, entry] of entries) {
    const { dtype, shape, from, to } = checked(name, entry);
    const kind = Object.hasOwn(KINDS, dtype) ? KINDS[dtype] : undefined;
    const count = shape.reduce((product, n) => product * n, 1);
    if (!kind) onRefused(name, `“${name}” has values of type ${dtype.slice(0, 20)}`);
    else if (count > MAX_NPY_VALUES) onRefused(name, `“${name}” has ${count} values`);
    else if (to > values.length || to - from !== count * kind.bytes) {
      throw new FormatError(`“${name}” is cut off`, WAY_OUT);
    } else arrays.set(name, { shape, dtype: kind.dtype, data: read(values, from, count, kind) });
  }
  return arrays;
}

function read(values: Uint8Array, from: number, count: number, kind: Kind): Float64Array {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  return Float64Array.from({ length: count }, (_, i) => kind.read(view, from + i * kind.bytes));
}

function checked(name: string, entry: unknown) {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Record<string, unknown>;
  const whole = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length <= 8 && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (typeof dtype === "string" && whole(shape) && whole(data_offsets)) {
    const [from, to] = data_offsets;
    if (data_offsets.length === 2 && from <= to) return { dtype, shape, from, to };
  }
  throw new FormatError(`The header of “${name.slice(0, 60)}” is damaged`, WAY_OUT);
}

/** bfloat16 is the upper half of float32. */
function bfloat(view: DataView, at: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setUint32(0, view.getUint16(at, true) << 16);
  return bits.getFloat32(0);
}
