import { FormatError } from "../../domain/errors.ts";
import { NUMPY_WAY_OUT } from "../containers/npy.ts";
import { readNpz } from "../containers/npz.ts";
import { isZip, readZip } from "../containers/zip.ts";
import type { BinaryReader } from "./common/reader.ts";
import type { LoadedArrays, RefusedArray } from "./common/types.ts";
import { pickleError } from "./pickle.ts";
import { isTraceAnything, loadTraceAnything } from "./trace-anything.ts";

/** What is read of a field; what moves is told anew, so its masks are not asked for. */
const FIELD_FILES = /^(?:ctrl|conf|own|rgb|time|source_size)\.npy$/;

/** NumPy's archive of named arrays. A torch file is a zip too, and is refused like any pickle. */
export const npzReader: BinaryReader = {
  name: "npz",
  endings: [".npz"],
  matches: (head, name) =>
    isZip(head) && (/\.npz$/i.test(name) || /\.npy$|\.pkl$/.test(firstEntry(head))),
  load: loadNpz,
};

function loadNpz(bytes: Uint8Array, name: string): LoadedArrays {
  const names = new Set<string>();
  readZip(bytes, (entry) => {
    names.add(entry);
    return false;
  });
  if ([...names].some((entry) => /(^|\/)data\.pkl$/.test(entry))) {
    throw pickleError("a PyTorch file", name);
  }
  if (isTraceAnything(names)) {
    return loadTraceAnything(
      readZip(bytes, (entry) => FIELD_FILES.test(entry)),
      name,
    );
  }
  const refused: RefusedArray[] = [];
  const arrays = readNpz(bytes, (entry, error) =>
    refused.push({ name: entry, reason: error.message }),
  );
  if (arrays.size === 0) {
    throw new FormatError(refused[0]?.reason ?? "The archive holds no array", NUMPY_WAY_OUT);
  }
  return { container: "npz", arrays, refused, hints: {} };
}

function firstEntry(head: Uint8Array): string {
  if (head.length < 30) return "";
  const nameBytes = head[26] | (head[27] << 8);
  return new TextDecoder().decode(head.subarray(30, 30 + nameBytes));
}
