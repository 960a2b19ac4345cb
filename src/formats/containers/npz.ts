import { FormatError } from "../../domain/errors.ts";
import { type NpyArray, NUMPY_WAY_OUT, readNpy, type WrittenDtype, writeNpy } from "./npy.ts";
import { readZip, writeZip, ZIP_LIMITS } from "./zip.ts";

/** NumPy's .npz: a zip of .npy files, one an array, named by it. */
export interface NpzEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: WrittenDtype;
  readonly values: ArrayLike<number>;
}

/**
 * All arrays of an .npz by name. An array that cannot be read does not spoil the others: `onRefused`
 * hears why. Without it, the first such array throws.
 * @throws FormatError for a damaged archive, and one without any .npy file.
 */
export function readNpz(
  bytes: Uint8Array,
  onRefused?: (name: string, error: FormatError) => void,
  inflatedBytes = ZIP_LIMITS.inflatedBytes,
): Map<string, NpyArray> {
  const files = readZip(bytes, (name) => name.endsWith(".npy"), { ...ZIP_LIMITS, inflatedBytes });
  if (files.size === 0) {
    throw new FormatError("The archive holds no NumPy array", NUMPY_WAY_OUT);
  }
  const arrays = new Map<string, NpyArray>();
  for (const [file, content] of files) {
    const name = file.slice(0, -4);
    try {
      arrays.set(name, readNpy(content, `Array “${name}”`));
    } catch (error) {
      if (!onRefused || !(error instanceof FormatError)) throw error;
      onRefused(name, error);
    }
  }
  return arrays;
}

export function writeNpz(entries: readonly NpzEntry[], level: 0 | 6 = 6): Uint8Array {
  return writeZip(
    entries.map(({ name, shape, dtype, values }) => ({
      name: `${name}.npy`,
      bytes: writeNpy(shape, dtype, values),
    })),
    level,
  );
}
