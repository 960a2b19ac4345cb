import { FormatError } from "../../../domain/errors.ts";
import { isNpy, type NpyArray, readNpy } from "../../containers/npy.ts";
import { settleLayout } from "../layouts/registry.ts";
import { BINARY_READERS, TEXT_READERS } from "../registry.ts";
import type { NamedBytes } from "./named-bytes.ts";
import { decodeText } from "./text.ts";
import type { LoadedArrays } from "./types.ts";

/**
 * Opens a file of tracks by its content, not by its name, and recognises whose layout it is.
 * @throws FormatError with the way out; pickles and torch files are refused, because opening one runs
 * whatever program it carries.
 */
export function loadArrays(bytes: Uint8Array, name: string): LoadedArrays {
  return settleLayout(read(bytes, name));
}

function read(bytes: Uint8Array, name: string): LoadedArrays {
  if (bytes.length === 0) throw new FormatError("The file is empty", "Choose another file.");
  const binary = BINARY_READERS.find((reader) => reader.matches(bytes, name));
  if (binary) return binary.load(bytes, name);
  const text = decodeText(bytes, name);
  const known = TEXT_READERS.find((reader) => reader.matchesText(text, name));
  if (known) return known.loadText(text, name);
  throw new FormatError(
    `“${name}” is not a file of tracks`,
    "Bring .npz, .npy, .safetensors, .json, .csv or .txt.",
  );
}

/**
 * Opens what the user brought together: one file of any kind, or several .npy files, whose names then
 * name the arrays, such as `tracks.npy` beside `visibility.npy`.
 * @throws FormatError
 */
export function loadFiles(files: readonly NamedBytes[]): LoadedArrays {
  if (files.length === 1) return loadArrays(files[0].bytes, files[0].name);
  const arrays = new Map<string, NpyArray>();
  for (const { name, bytes } of files) {
    const stem = name.replace(/\.npy$/i, "");
    if (!isNpy(bytes) || arrays.has(stem)) {
      throw new FormatError(
        isNpy(bytes) ? `Two files are named “${name}”` : `“${name}” is not a .npy file`,
        "Several files are read together only as .npy, one array each; bring others one by one.",
      );
    }
    arrays.set(stem, readNpy(bytes, `“${name}”`));
  }
  return settleLayout({ container: "npy", arrays, refused: [], hints: {} });
}
